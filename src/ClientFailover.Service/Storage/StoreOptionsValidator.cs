using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Storage;

/// <summary>Responsible for telling every mistake in <see cref="StoreOptions"/> together.</summary>
internal sealed class StoreOptionsValidator : IValidateOptions<StoreOptions>
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, StoreOptions options)
    {
        var errors = new List<string>();
        Check(!string.IsNullOrWhiteSpace(options.DataDirectory), "DataDirectory must name a directory.");
        Check(options.HistoryPerGroup >= 1, "HistoryPerGroup must be at least 1.");
        Check(options.RetryInterval > TimeSpan.Zero && options.RetryInterval <= LongestInterval, "RetryInterval must be greater than zero and at most one day.");
        Check(options.BusyTimeout >= TimeSpan.Zero && options.BusyTimeout <= LongestInterval, "BusyTimeout must be at least zero and at most one day.");
        Check(options.DeferredHistory >= 0, "DeferredHistory must be at least 0.");
        Check(options.WritesPerCommit >= 1, "WritesPerCommit must be at least 1.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }
}
