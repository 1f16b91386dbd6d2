namespace Hanzo.Edge.Health.Passive;

/// <summary>How a real request to an endpoint ended, as far as it speaks of the endpoint's health.</summary>
public enum RequestOutcome : byte
{
    /// <summary>An answer, whatever it says, that is not listed as a failure.</summary>
    Answered,

    /// <summary>No connection.</summary>
    ConnectFailed,

    /// <summary>The connection broke before the answer was whole.</summary>
    Reset,

    /// <summary>No answer in time. A client that went away is no timeout and is not reported.</summary>
    TimedOut,

    /// <summary>A status listed as a failure.</summary>
    BadStatus,

    /// <summary>Another attempt at the same time answered first. Says nothing of the endpoint and is never reported.</summary>
    Overtaken,
}
