using System.Diagnostics.Metrics;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Transport.Adapters;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for counting adapter streams, open ones and those that ended.</summary>
internal sealed class StreamMeter
{
    private readonly long[] _ended = new long[Labels<StreamEnd>.All.Count];

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="open">The streams.</param>
    public StreamMeter(ServiceMeter meter, OpenLinks open)
    {
        meter.Show(Instruments.Streams, () => [new Measurement<long>(open.Count)]);
        meter.Count(Instruments.StreamsEnded, () => _ended.Select((_, i) => new Measurement<long>(
            Volatile.Read(ref _ended[i]), new KeyValuePair<string, object?>("reason", Labels<StreamEnd>.All[i]))));
    }

    /// <summary>A stream ended.</summary>
    /// <param name="link">The stream.</param>
    /// <param name="reader">What read from it.</param>
    public void Ended(AdapterLink link, AdapterReader reader) => Interlocked.Increment(ref _ended[(int)ReasonOf(link, reader)]);

    private static StreamEnd ReasonOf(AdapterLink link, AdapterReader reader)
    {
        if (reader.BrokenByPeer)
        {
            return StreamEnd.Broken;
        }

        if (!link.HasEnded)
        {
            return reader.SaidGoodbye ? StreamEnd.Goodbye : StreamEnd.Refused;
        }

        return link.EndReason switch
        {
            LinkEnd.Replaced => StreamEnd.Replaced,
            LinkEnd.SessionDeleted => StreamEnd.SessionDeleted,
            LinkEnd.AccessDenied => StreamEnd.AccessDenied,
            LinkEnd.CredentialEnded => StreamEnd.CredentialEnded,
            _ => StreamEnd.Stopping,
        };
    }

    /// <summary>Why a stream ended.</summary>
    private enum StreamEnd
    {
        /// <summary>The adapter said goodbye.</summary>
        Goodbye,

        /// <summary>The adapter, or the network, broke it.</summary>
        Broken,

        /// <summary>The session opened another.</summary>
        Replaced,

        /// <summary>The session, or its group, was deleted.</summary>
        SessionDeleted,

        /// <summary>A list took its rights.</summary>
        AccessDenied,

        /// <summary>Its credential ended.</summary>
        CredentialEnded,

        /// <summary>The service stops.</summary>
        Stopping,

        /// <summary>What the adapter said was not in order, or not allowed.</summary>
        Refused,
    }
}
