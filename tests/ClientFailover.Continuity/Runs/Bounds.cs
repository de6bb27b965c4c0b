namespace ClientFailover.Continuity.Runs;

/// <summary>What a run may cost by the documented rules, and why.</summary>
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

/// <summary>What the bounds of a run are wider by, for the machine: seconds of each stream, or of the group's data.</summary>
/// <param name="Loss">Beyond <see cref="Bounds.Loss"/>.</param>
/// <param name="Uncollected">Beyond <see cref="Bounds.Uncollected"/>.</param>
/// <param name="Duplicates">Beyond <see cref="Bounds.Duplicates"/>.</param>
internal sealed record Slack(double Loss, double Uncollected, double Duplicates)
{
    /// <summary>What lies between the bounds by the rules and those that a run is judged by.</summary>
    /// <param name="rules">The bounds by the rules.</param>
    /// <param name="judged">The same with slack.</param>
    /// <param name="untold">Seconds that nobody could collect.</param>
    public static Slack Between(Bounds rules, Bounds judged, double untold) =>
        new(judged.Loss - rules.Loss, judged.Uncollected - rules.Uncollected + untold, judged.Duplicates - rules.Duplicates);
}
