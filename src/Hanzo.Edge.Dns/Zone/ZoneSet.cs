using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Zone;

/// <summary>Every zone served, its answers prepared. Immutable; swapped whole.</summary>
public sealed class ZoneSet
{
    private readonly ZoneNode?[] slots;
    private readonly ulong[] hashes;
    private readonly int mask;

    internal ZoneSet(IReadOnlyCollection<ZoneNode> nodes, ImmutableArray<SteeredName> steered)
    {
        Steered = steered;
        var size = 16;
        while (size < nodes.Count * 2) size *= 2;
        slots = new ZoneNode?[size];
        hashes = new ulong[size];
        mask = size - 1;
        foreach (var node in nodes) Insert(node);
    }

    /// <summary>No zone: everything is refused.</summary>
    public static ZoneSet Empty { get; } = new([], []);

    /// <summary>The steered names of all zones.</summary>
    public ImmutableArray<SteeredName> Steered { get; }

    /// <summary>
    /// Finds the answer to a question: the name itself, else the wildcard of its closest encloser (RFC 4592 §3.3.1), else the
    /// denial or the referral that holds there. Allocates nothing.
    /// </summary>
    [SkipLocalsInit]
    internal PreparedAnswer Find(DnsQuery query)
    {
        var buffer = query.NameBuffer;
        var name = query.Name;
        var labels = query.Labels;
        Span<ulong> suffixes = stackalloc ulong[WireName.MaxLabels + 1];
        var hash = suffixes[labels.Length] = WireName.RootHash;
        for (var i = labels.Length - 1; i >= 0; i--) suffixes[i] = hash = WireName.Extend(hash, buffer, labels[i]);
        if (Find(hash, name) is { } node) return node.Answer(query.Type);

        for (var i = 1; i <= labels.Length; i++)
        {
            var at = i < labels.Length ? labels[i] : name.Length - 1;
            if (Find(suffixes[i], name[at..]) is { } encloser)
                return encloser.Wildcard is { } wildcard ? wildcard.Answer(query.Type) : encloser.Below;
        }

        return PreparedAnswer.Refused;
    }

    private ZoneNode? Find(ulong hash, ReadOnlySpan<byte> name)
    {
        for (var at = (int)hash & mask; slots[at] is { } node; at = (at + 1) & mask)
            if (hashes[at] == hash && name.SequenceEqual(node.Name)) return node;
        return null;
    }

    private void Insert(ZoneNode node)
    {
        Span<byte> buffer = stackalloc byte[WireName.MaxLength + WireName.Slack];
        Span<byte> labels = stackalloc byte[WireName.MaxLabels];
        node.Name.CopyTo(buffer);
        var hash = WireName.RootHash;
        for (var i = WireName.Labels(node.Name, labels) - 1; i >= 0; i--) hash = WireName.Extend(hash, buffer, labels[i]);
        var at = (int)hash & mask;
        while (slots[at] is not null) at = (at + 1) & mask;
        (slots[at], hashes[at]) = (node, hash);
    }
}
