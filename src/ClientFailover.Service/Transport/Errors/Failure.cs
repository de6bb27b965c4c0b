using Grpc.Core;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>A failure as callers see it, whatever they speak.</summary>
/// <param name="Status">Canonical status; REST derives its own from it.</param>
/// <param name="Code">Stable reason for programs, UPPER_SNAKE_CASE. Never changes once released.</param>
/// <param name="Error">What failed. One sentence for people, like the next two.</param>
/// <param name="Cause">Why.</param>
/// <param name="Resolution">What the caller can do.</param>
internal sealed record Failure(StatusCode Status, string Code, string Error, string Cause, string Resolution)
{
    /// <summary>When the same request can succeed; null: not by waiting.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Members of the request that are not valid.</summary>
    public IReadOnlyList<Violation> Violations { get; init; } = [];

    /// <summary>
    /// The three sentences, a line each: one text in a gRPC status that a person can read whole and REST can take
    /// apart again.
    /// </summary>
    public string Message => $"{Error}\n{Cause}\n{Resolution}";
}

/// <summary>A member of a request that is not valid.</summary>
/// <param name="Member">Its documented REST name.</param>
/// <param name="Field">Its path in the gRPC request.</param>
/// <param name="Allowed">What is allowed, to follow the name: "must be ...".</param>
internal readonly record struct Violation(string Member, string Field, string Allowed);
