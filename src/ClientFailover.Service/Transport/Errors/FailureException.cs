namespace ClientFailover.Service.Transport.Errors;

/// <summary>Ends a call with a failure that the caller is told of.</summary>
/// <param name="failure">The failure.</param>
internal sealed class FailureException(Failure failure) : Exception(failure.Message)
{
    /// <summary>The failure.</summary>
    public Failure Failure { get; } = failure;
}
