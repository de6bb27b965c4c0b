namespace ClientFailover.Service.Transport.Validation;

/// <summary>What part of a list may be asked for.</summary>
internal static class PageRules
{
    private const int DefaultCount = 100;
    private const int MaximumCount = 1000;

    /// <summary>Checks a page.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="skip">How many to pass over; null when absent.</param>
    /// <param name="count">How many to return at most; null when absent.</param>
    /// <returns>The page.</returns>
    public static (int Skip, int Count) Read(ref Violations violations, int? skip, int? count)
    {
        if (skip < 0)
        {
            violations.Add("skip", "skip", "must be 0 or more");
        }

        if (count is < 1 or > MaximumCount)
        {
            violations.Add("count", "count", $"must be from 1 to {MaximumCount}");
        }

        return (skip ?? 0, count ?? DefaultCount);
    }
}
