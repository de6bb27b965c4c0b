namespace ClientFailover.Continuity.Runs;

/// <summary>What a run may cost, and why.</summary>
/// <param name="Loss">Seconds of each stream that may be missing, beyond what no running adapter collected.</param>
/// <param name="LossBecause">Why.</param>
/// <param name="Duplicates">Seconds of the group's data that may have come twice.</param>
/// <param name="DuplicatesBecause">Why.</param>
internal sealed record Bounds(double Loss, string LossBecause, double Duplicates, string DuplicatesBecause)
{
    /// <summary>Seconds of each stream that in hot mode may be missing because nobody who still runs collected them; elsewhere they are a loss like any other.</summary>
    public double Uncollected { get; init; }

    /// <summary>Why.</summary>
    public string UncollectedBecause { get; init; } = "";

    /// <summary>Whether a change of role breaks the bounds.</summary>
    public bool RolesMustStay { get; init; }
}
