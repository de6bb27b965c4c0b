using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ClientFailover.Client;

namespace ClientFailover.Samples.Omf;

/// <summary>A data message.</summary>
/// <param name="Body">Its body.</param>
/// <param name="Items">The values in it.</param>
internal sealed record DataMessage(byte[] Body, List<DataItem> Items);

/// <summary>Responsible for the bodies of OMF messages, none above OMF's limit before compression.</summary>
internal static class OmfMessages
{
    /// <summary>Bytes after which nothing more is added: OMF's 192 KiB less room for one value, a long id included.</summary>
    private const int Full = (192 * 1024) - 4096;

    /// <summary>Containers that fit into a message, however long their ids.</summary>
    public const int ContainersTogether = 100;

    // 100 ns, as a value's time is its identity at the destination.
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    public static byte[] Type(string id) => JsonSerializer.SerializeToUtf8Bytes(new object[]
    {
        new
        {
            id,
            type = "object",
            classification = "dynamic",
            properties = new
            {
                Timestamp = new { type = "string", format = "date-time", isindex = true },
                Value = new { type = "number", format = "float64" },
                Sequence = new { type = "integer", format = "int64" },
            },
        },
    });

    public static byte[] Containers(IEnumerable<string> streams, string typeId) =>
        JsonSerializer.SerializeToUtf8Bytes(streams.Select(stream => new { id = stream, typeid = typeId }));

    /// <summary>As many messages as the values need. Within a stream the order is kept.</summary>
    public static IEnumerable<DataMessage> Data(IEnumerable<DataItem> items)
    {
        using var message = new Builder();
        foreach (var item in items.GroupBy(item => item.Stream).SelectMany(stream => stream))
        {
            message.Add(item);
            if (message.Length >= Full)
            {
                yield return message.Build();
            }
        }

        if (message.Length > 0)
        {
            yield return message.Build();
        }
    }

    private sealed class Builder : IDisposable
    {
        private readonly ArrayBufferWriter<byte> _buffer = new();
        private readonly Utf8JsonWriter _json;
        private List<DataItem> _items = [];
        private string? _stream;

        public Builder() => _json = new Utf8JsonWriter(_buffer);

        public long Length => _json.BytesCommitted + _json.BytesPending;

        public void Add(DataItem item)
        {
            if (item.Stream != _stream)
            {
                Begin(item.Stream);
            }

            Measurement.TryRead(item.Payload.Span, out var measurement);
            _json.WriteStartObject();
            _json.WriteString("Timestamp", item.SourceTime.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
            _json.WriteNumber("Value", measurement.Value);
            _json.WriteNumber("Sequence", measurement.Sequence);
            _json.WriteEndObject();
            _items.Add(item);
        }

        public DataMessage Build()
        {
            End();
            _json.WriteEndArray();
            _json.Flush();
            var message = new DataMessage(_buffer.WrittenSpan.ToArray(), _items);
            _buffer.ResetWrittenCount();
            _json.Reset();
            _items = [];
            _stream = null;
            return message;
        }

        public void Dispose() => _json.Dispose();

        private void Begin(string stream)
        {
            if (_stream is null)
            {
                _json.WriteStartArray();
            }
            else
            {
                End();
            }

            _stream = stream;
            _json.WriteStartObject();
            _json.WriteString("containerid", stream);
            _json.WriteStartArray("values");
        }

        private void End()
        {
            _json.WriteEndArray();
            _json.WriteEndObject();
        }
    }
}
