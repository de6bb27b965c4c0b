namespace ClientFailover.HealthReceiver;

/// <summary>What an endpoint does instead of taking a message.</summary>
public abstract record Fault
{
    /// <summary>It answers with a status.</summary>
    /// <param name="Code">The status.</param>
    /// <param name="RetryAfter">Its header Retry-After; null: none.</param>
    /// <param name="Body">Its body.</param>
    public sealed record Status(int Code, string? RetryAfter = null, string Body = "") : Fault;

    /// <summary>It takes the message, and says of a part of it, inside a good answer, that it failed.</summary>
    public sealed record Nested(int Code, string Message = "planted") : Fault;

    /// <summary>It never answers.</summary>
    public sealed record Hang : Fault;

    /// <summary>It cuts the connection.</summary>
    public sealed record Cut : Fault;

    /// <summary>It takes the message and cuts the connection instead of answering.</summary>
    public sealed record CutAfterwards : Fault;

    /// <summary>It has forgotten everything that it was told, and then looks at the message.</summary>
    public sealed record Amnesia : Fault;
}
