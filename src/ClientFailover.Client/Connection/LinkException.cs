namespace ClientFailover.Client.Connection;

/// <summary>A link could not be had, or ended.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">The same for people: what, why, what to do. No secrets.</param>
/// <param name="inner">The cause.</param>
internal sealed class LinkException(LinkFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public LinkFailure Failure { get; } = failure;

    /// <summary>TLS was not agreed: no trust, or no protocol that both speak. A server without HTTP/2 may refuse already there.</summary>
    public bool IsHandshake { get; init; }

    /// <summary>Nothing was answered at all.</summary>
    public bool IsSilence { get; init; }

    /// <summary>When to try again, if the service said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Where to reconnect to, if the service said so.</summary>
    public IReadOnlyList<Uri> Successors { get; init; } = [];
}
