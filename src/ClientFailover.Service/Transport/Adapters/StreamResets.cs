using ClientFailover.Service.Limits;

namespace ClientFailover.Service.Transport.Adapters;

/// <summary>
/// Responsible for telling which broken adapter streams are requests that were made only to be reset. The streams of a gateway's adapters
/// share its connection: it must not be cut because many of them die over the months.
/// </summary>
internal static class StreamResets
{
    /// <summary>How old a stream is, from its hello on, that nobody opens only to reset it.</summary>
    public static readonly TimeSpan Serious = TimeSpan.FromSeconds(1);

    /// <summary>A stream has broken.</summary>
    /// <param name="http">Its request.</param>
    /// <param name="age">How long after its hello; zero: before it.</param>
    public static void Broke(HttpContext http, TimeSpan age)
    {
        if (age < Serious)
        {
            ConnectionConduct.Of(http)?.WasReset(http);
        }
    }
}
