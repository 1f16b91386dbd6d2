using Hanzo.Commerce.Node.Idempotency;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>One entry of the log: a command, and the idempotency key that it is remembered by.</summary>
internal sealed record Entry(Command Command, KeyUse? Key = null);

/// <summary>What an entry came to.</summary>
/// <param name="Repeated">Whether an earlier entry with the same key did it.</param>
internal sealed record Result(Reply Reply, bool Repeated = false);
