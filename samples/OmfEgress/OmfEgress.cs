using System.Net;
using ClientFailover.Client;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Samples.Omf;

/// <summary>
/// Responsible for bringing measurements to an OMF endpoint: the type and the containers when a stream is first seen, then
/// data messages. Whatever is not answered well is thrown: the adapter comes again with the same values.
/// </summary>
public sealed partial class OmfEgress : IEgress, IDisposable
{
    /// <summary>An endpoint that asks for more patience is asked again after this.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>A container that was refused is asked for again after this: somebody may have mended what was wrong.</summary>
    private static readonly TimeSpan BarredFor = TimeSpan.FromMinutes(1);

    private readonly OmfConnection _connection;
    private readonly string _typeId;
    private readonly TimeProvider _time;
    private readonly ILogger<OmfEgress> _logger;
    private readonly HashSet<string> _announced = new(StringComparer.Ordinal);

    // Streams whose container the endpoint does not take, and since when.
    private readonly Dictionary<string, long> _barred = new(StringComparer.Ordinal);

    /// <summary>Creates it.</summary>
    /// <param name="options">Where data goes.</param>
    /// <param name="time">For waiting.</param>
    /// <param name="logger">Is told of streams that the endpoint does not take.</param>
    public OmfEgress(OmfOptions options, TimeProvider time, ILogger<OmfEgress> logger)
    {
        _connection = new OmfConnection(options);
        _typeId = options.TypeId;
        _time = time;
        _logger = logger;
    }

    /// <inheritdoc/>
    public async Task SendAsync(IReadOnlyList<DataItem> items, EgressContext context, CancellationToken cancellation)
    {
        var values = items.Where(item => Measurement.TryRead(item.Payload.Span, out _)).ToList();
        var refused = new Refused(items.Count - values.Count, "the payload is no measurement, or not finite");
        if (values.Count > 0)
        {
            await AnnounceAsync(values, cancellation);
            refused += new Refused(values.RemoveAll(item => IsBarred(item.Stream)), "the container of the stream was refused");
            refused += await SendAsync(values, cancellation);
        }

        if (refused.Count > 0)
        {
            throw new DataRejectedException($"{refused.Count} of {items.Count} values were refused: {refused.Reason}") { Rejected = refused.Count };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>Creates the containers of streams that are new to this process. To an endpoint that knows them this changes nothing.</summary>
    private async Task AnnounceAsync(List<DataItem> values, CancellationToken cancellation)
    {
        var streams = values.Select(item => item.Stream).Distinct().Where(stream => !_announced.Contains(stream) && !IsBarred(stream)).ToList();
        if (streams.Count == 0)
        {
            return;
        }

        ThrowUnlessGood(await PostAsync("type", OmfMessages.Type(_typeId), cancellation));
        var refused = new Dictionary<string, OmfAnswer>(StringComparer.Ordinal);
        foreach (var together in streams.Chunk(OmfMessages.ContainersTogether))
        {
            await CreateContainersAsync(together, refused, cancellation);
        }

        if (refused.Count > 0 && _announced.Count == 0)
        {
            // It takes none at all: the fault is the endpoint's, and no stream's.
            ThrowUnlessGood(refused.Values.First());
        }

        foreach (var (stream, answer) in refused)
        {
            Bar(stream, answer);
        }
    }

    private bool IsBarred(string stream) => _barred.TryGetValue(stream, out var since) && _time.GetElapsedTime(since) < BarredFor;

    private void Bar(string stream, OmfAnswer answer)
    {
        var isTold = _barred.ContainsKey(stream);
        _barred[stream] = _time.GetTimestamp();
        if (!isTold)
        {
            LogBarred(stream, BarredFor, (int)answer.Status, answer.Reason);
        }
    }

    /// <summary>Creates containers. Where a message is refused for good, its halves are tried, so that a bad container costs its own stream alone.</summary>
    private async Task CreateContainersAsync(string[] streams, Dictionary<string, OmfAnswer> refused, CancellationToken cancellation)
    {
        var answer = await PostAsync("container", OmfMessages.Containers(streams, _typeId), cancellation);
        if (!answer.IsRefusalForGood)
        {
            ThrowUnlessGood(answer);
            _announced.UnionWith(streams);
            Array.ForEach(streams, stream => _barred.Remove(stream));
        }
        else if (streams is [var stream])
        {
            refused.Add(stream, answer);
        }
        else
        {
            await CreateContainersAsync(streams[..(streams.Length / 2)], refused, cancellation);
            await CreateContainersAsync(streams[(streams.Length / 2)..], refused, cancellation);
        }
    }

    /// <summary>Sends values. Where a message is refused for good, its halves are tried, so that a bad value costs itself alone.</summary>
    private async Task<Refused> SendAsync(List<DataItem> values, CancellationToken cancellation)
    {
        var refused = default(Refused);
        foreach (var message in OmfMessages.Data(values))
        {
            var answer = await PostDataAsync(message, cancellation);
            if (!answer.IsRefusalForGood)
            {
                ThrowUnlessGood(answer);
            }
            else if (message.Items.Count == 1)
            {
                refused += new Refused(1, answer.Reason);
            }
            else
            {
                var half = message.Items.Count / 2;
                refused += await SendAsync(message.Items[..half], cancellation);
                refused += await SendAsync(message.Items[half..], cancellation);
            }
        }

        return refused;
    }

    /// <summary>A destination that was set up anew has forgotten the containers: it is told of them once more.</summary>
    private async Task<OmfAnswer> PostDataAsync(DataMessage message, CancellationToken cancellation)
    {
        var answer = await PostAsync("data", message.Body, cancellation);
        if (answer.Status != HttpStatusCode.NotFound)
        {
            return answer;
        }

        _announced.Clear();
        _barred.Clear();
        await AnnounceAsync(message.Items, cancellation);
        return await PostAsync("data", message.Body, cancellation);
    }

    private async Task<OmfAnswer> PostAsync(string messageType, byte[] body, CancellationToken cancellation)
    {
        var answer = await _connection.PostAsync(messageType, body, cancellation);
        if (answer.RetryAfter is { } wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait < LongestWait ? wait : LongestWait, _time, cancellation);
        }

        return answer;
    }

    private static void ThrowUnlessGood(OmfAnswer answer)
    {
        if (!answer.IsGood)
        {
            throw new HttpRequestException($"The OMF endpoint answered {(int)answer.Status}: {answer.Reason}", null, answer.Status);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The OMF endpoint refuses the container of {Stream}, and so its values; it is asked again each {Interval}: {Status} {Reason}")]
    private partial void LogBarred(string stream, TimeSpan interval, int status, string reason);

    /// <summary>Values that the destination will never take.</summary>
    private readonly record struct Refused(int Count, string? Reason)
    {
        public static Refused operator +(Refused left, Refused right) =>
            new(left.Count + right.Count, right.Count > 0 ? right.Reason : left.Reason);
    }
}
