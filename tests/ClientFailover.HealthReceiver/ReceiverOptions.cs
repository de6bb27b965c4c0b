namespace ClientFailover.HealthReceiver;

/// <summary>What kind of endpoint it is.</summary>
public sealed record ReceiverOptions
{
    /// <summary>Whether it is a PI Web API: it wants X-Requested-With, and answers with a code for each part.</summary>
    public bool IsPi { get; init; } = true;

    /// <summary>Whether it keeps elements and links; CONNECT may not.</summary>
    public bool KeepsElements { get; init; } = true;

    /// <summary>What it does instead of taking a message; null: it takes it.</summary>
    public Func<OmfPost, Fault?> Plays { get; init; } = _ => null;
}
