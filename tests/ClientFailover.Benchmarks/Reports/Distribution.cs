namespace ClientFailover.Benchmarks.Reports;

/// <summary>Answers for the distribution of some samples.</summary>
/// <param name="samples">The samples, in any order.</param>
internal sealed class Distribution(IEnumerable<double> samples)
{
    private readonly double[] _sorted = [.. samples.Order()];

    /// <summary>How many samples there are.</summary>
    public int Count => _sorted.Length;

    /// <summary>The middle.</summary>
    public double Median => Percentile(50);

    /// <summary>The greatest.</summary>
    public double Maximum => Percentile(100);

    /// <summary>The value that a share of the samples does not exceed (nearest rank).</summary>
    /// <param name="percent">The share, 0 to 100.</param>
    /// <returns>The value; not a number when there are no samples.</returns>
    public double Percentile(double percent) =>
        _sorted.Length == 0
            ? double.NaN
            : _sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * _sorted.Length) - 1, 0, _sorted.Length - 1)];
}
