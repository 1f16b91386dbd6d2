using System.Diagnostics.CodeAnalysis;

namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>A state, or why there is none.</summary>
/// <param name="State">Null exactly when there is a problem.</param>
/// <param name="Problem">None when there is a state.</param>
public readonly record struct Decoded<T>(T? State, DecodeProblem Problem) where T : class
{
    /// <summary>Whether there is a state.</summary>
    [MemberNotNullWhen(true, nameof(State))]
    public bool Succeeded => State is not null;
}
