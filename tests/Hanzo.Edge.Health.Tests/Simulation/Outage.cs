namespace Hanzo.Edge.Health.Tests.Simulation;

/// <summary>How a region fails.</summary>
internal enum Fault
{
    /// <summary>Connections are refused: a failure is known at once, and nothing was sent.</summary>
    Refuses,

    /// <summary>Connections are taken and nothing answers: a failure is known after the attempt's timeout.</summary>
    Freezes,

    /// <summary>Answers 503 to everything, probes included.</summary>
    Answers503,
}

/// <summary>One outage of one region.</summary>
/// <param name="From">When it begins, since the start of the year.</param>
/// <param name="To">When it ends.</param>
/// <param name="Fault">What it is like.</param>
internal readonly record struct Outage(TimeSpan From, TimeSpan To, Fault Fault)
{
    /// <summary>A year of one region that is up for <paramref name="availability"/> of the time: times between outages and their lengths are exponential.</summary>
    public static List<Outage> Year(double availability, TimeSpan meanLength, Random random)
    {
        List<Outage> outages = [];
        var meanUp = meanLength * (availability / (1 - availability));
        for (var now = Exponential(meanUp); now < Simulation.Year;)
        {
            var end = now + Exponential(meanLength);
            outages.Add(new Outage(now, end < Simulation.Year ? end : Simulation.Year, (Fault)random.Next(3)));
            now = end + Exponential(meanUp);
        }

        return outages;

        TimeSpan Exponential(TimeSpan mean) => mean * -Math.Log(1 - random.NextDouble());
    }
}
