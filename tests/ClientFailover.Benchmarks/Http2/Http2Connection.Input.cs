using System.Buffers.Binary;

namespace ClientFailover.Benchmarks.Http2;

internal sealed partial class Http2Connection
{
    /// <summary>Takes what the socket has, or waits for it, and answers what the protocol wants answered.</summary>
    /// <exception cref="IOException">The server closed the connection.</exception>
    public void Receive()
    {
        var received = Socket.Receive(_input.AsSpan(_inputLength));
        if (received == 0)
        {
            throw new IOException("The server closed the connection.");
        }

        _inputLength += received;
        var rest = (ReadOnlySpan<byte>)_input.AsSpan(0, _inputLength);
        while (rest.Length >= FrameHeader.Size)
        {
            var header = FrameHeader.Read(rest);
            if (rest.Length - FrameHeader.Size < header.Length)
            {
                break;
            }

            OnFrame(header, rest.Slice(FrameHeader.Size, header.Length));
            rest = rest[(FrameHeader.Size + header.Length)..];
        }

        rest.CopyTo(_input);
        _inputLength = rest.Length;
        AcknowledgeData();
        Flush();
    }

    private void OnFrame(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if ((header.Flags & FrameHeader.Padded) != 0 && header.Type is FrameType.Data or FrameType.Headers)
        {
            payload = payload[1..^payload[0]];
        }

        switch (header.Type)
        {
            case FrameType.Data:
                _unacknowledged += header.Length;
                OnData(header.StreamId / 2, payload);
                EndIfLast(header, "the body ended");
                break;
            case FrameType.Headers:
                EndIfLast(header, Legible(payload));
                break;
            case FrameType.ResetStream:
                End(header.StreamId / 2, $"reset with code {BinaryPrimitives.ReadInt32BigEndian(payload)}");
                break;
            case FrameType.Settings when (header.Flags & FrameHeader.Acknowledgement) == 0:
                OnSettings(payload);
                break;
            case FrameType.Ping when (header.Flags & FrameHeader.Acknowledgement) == 0:
                WriteHeader(FrameType.Ping, FrameHeader.Acknowledgement, 0, payload.Length);
                _output.Append(payload);
                break;
            case FrameType.WindowUpdate when header.StreamId == 0:
                _sendWindow += BinaryPrimitives.ReadInt32BigEndian(payload);
                break;
            case FrameType.WindowUpdate:
                _streams[header.StreamId / 2].SendWindow += BinaryPrimitives.ReadInt32BigEndian(payload);
                break;
            case FrameType.GoAway:
                throw new IOException($"The server ends the connection: {Legible(payload)}");
            default:
                break;
        }
    }

    private void OnData(int stream, ReadOnlySpan<byte> payload)
    {
        var state = _streams[stream];
        if (state.Assembler is { IsEmpty: false } waiting)
        {
            payload = waiting.Join(payload);
        }

        while (MessageAssembler.TryCut(ref payload, out var message))
        {
            _handler.OnMessage(this, stream, message);
        }

        if (!payload.IsEmpty || state.Assembler is { IsEmpty: false })
        {
            (state.Assembler ??= new MessageAssembler()).Keep(payload);
        }
    }

    private void OnSettings(ReadOnlySpan<byte> payload)
    {
        for (; payload.Length >= 6; payload = payload[6..])
        {
            if (BinaryPrimitives.ReadInt16BigEndian(payload) == InitialWindowSizeSetting)
            {
                var window = BinaryPrimitives.ReadInt32BigEndian(payload[2..]);
                foreach (var stream in _streams)
                {
                    stream.SendWindow += window - _initialStreamWindow;
                }

                _initialStreamWindow = window;
            }
        }

        WriteHeader(FrameType.Settings, FrameHeader.Acknowledgement, 0, 0);
    }

    private void EndIfLast(FrameHeader header, string reason)
    {
        if ((header.Flags & FrameHeader.EndStream) != 0)
        {
            End(header.StreamId / 2, reason);
        }
    }

    private void End(int stream, string reason)
    {
        if (!_streams[stream].Ended)
        {
            _streams[stream].Ended = true;
            _handler.OnEnded(this, stream, reason);
        }
    }

    /// <summary>Streams have a window that no run uses up; the connection's is topped up in halves.</summary>
    private void AcknowledgeData()
    {
        if (_unacknowledged > MaximumWindow / 2)
        {
            WriteWindowUpdate((int)_unacknowledged);
            _unacknowledged = 0;
        }
    }
}
