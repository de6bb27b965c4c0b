using ClientFailover.Service.Health.Omf;

namespace ClientFailover.Service.Health.Sending;

/// <summary>What to do after an answer, the later ones going before the earlier where an answer has several parts.</summary>
internal enum Verdict
{
    /// <summary>It was taken.</summary>
    Accepted,

    /// <summary>It never will be taken: it is dropped, and what comes after it is sent.</summary>
    Refused,

    /// <summary>The endpoint does not know what the values go into: it is told again.</summary>
    Unknown,

    /// <summary>It may be taken later: it is sent again.</summary>
    Retry,
}

/// <summary>Responsible for what an answer means. Pure.</summary>
internal static class AnswerPolicy
{
    /// <summary>Judges an answer.</summary>
    /// <param name="kind">What was sent.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>What to do.</returns>
    public static Verdict Judge(OmfKind kind, OmfAnswer answer) => answer.Codes.Select(code => Judge(kind, code)).DefaultIfEmpty(Verdict.Retry).Max();

    /// <summary>Whether the endpoint's wish to be left alone counts: only overload (429) and absence (503) have one.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>How long; null: as if it had no wish.</returns>
    public static TimeSpan? WishOf(OmfAnswer answer) => answer.Codes.Any(c => c is 429 or 503) ? answer.RetryAfter : null;

    private static Verdict Judge(OmfKind kind, int code) => code switch
    {
        >= 200 and < 300 => Verdict.Accepted,
        400 or 403 or 409 or 501 => Verdict.Refused,
        404 => kind == OmfKind.Data ? Verdict.Unknown : Verdict.Refused,

        // Some endpoints have no elements at all, and fail over them in this way.
        500 when kind is OmfKind.Static or OmfKind.Link => Verdict.Refused,
        _ => Verdict.Retry,
    };
}
