namespace ClientFailover.Benchmarks.Reports;

/// <summary>One figure of the report.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Target">What it must reach; null: it is told for information.</param>
internal sealed record Measurement(string What, double Value, string Unit, Target? Target = null)
{
    /// <summary>Whether it reaches its target; null: it has none.</summary>
    public bool? Reached => Target?.IsReachedBy(Value);
}

/// <summary>What a figure must reach.</summary>
/// <param name="Limit">The limit, itself allowed.</param>
/// <param name="AtLeast">True: the figure must not be less. False: it must not be more.</param>
internal sealed record Target(double Limit, bool AtLeast)
{
    /// <summary>A lower limit.</summary>
    /// <param name="limit">The limit.</param>
    /// <returns>The target.</returns>
    public static Target Minimum(double limit) => new(limit, AtLeast: true);

    /// <summary>An upper limit.</summary>
    /// <param name="limit">The limit.</param>
    /// <returns>The target.</returns>
    public static Target Maximum(double limit) => new(limit, AtLeast: false);

    /// <summary>Judges a figure.</summary>
    /// <param name="value">The figure.</param>
    /// <returns>Whether it reaches the target.</returns>
    public bool IsReachedBy(double value) => AtLeast ? value >= Limit : value <= Limit;
}
