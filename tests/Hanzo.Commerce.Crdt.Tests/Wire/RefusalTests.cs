using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Tests.Wire;

/// <summary>Bytes close to those of golden.txt that are no document: of each state there is one way to write it.</summary>
public sealed class RefusalTests
{
    private const string Replica = "4444333322221111";
    private const string Store = "022401046e616d650100030900000000000000094d75672c20626c756501036d756701000206";

    [Theory]
    [InlineData($"0108010b01{Replica}0300{Store}", DecodeProblem.None)]
    [InlineData($"0108010b01{Replica}0000", DecodeProblem.Contradicting)] // a replica of which nothing was seen
    [InlineData($"0108010b01{Replica}0200{Store}", DecodeProblem.Contradicting)] // a dot after the last that was seen
    [InlineData($"0108010d01{Replica}00010001", DecodeProblem.Contradicting)] // a gap that is none
    [InlineData($"0108010d01{Replica}00010002020a0001036d756701000206", DecodeProblem.None)]
    [InlineData($"0108010d01{Replica}00010002020a0001036d756701000106", DecodeProblem.Contradicting)] // a dot in the gap
    [InlineData($"0108010d01{Replica}00010002020a0001036d756701010206", DecodeProblem.BadValue)] // a dot of another replica
    [InlineData($"0108011402{Replica}01{Replica}0100", DecodeProblem.OutOfOrder)] // a replica twice
    [InlineData($"0108010f01{Replica}000200020002", DecodeProblem.OutOfOrder)] // a dot twice
    public void What_contradicts_itself_is_refused(string hex, DecodeProblem problem) =>
        Assert.Equal(problem, CrdtCodec.Decode<Causal<Fields>>(Convert.FromHexString(hex)).Problem);
}
