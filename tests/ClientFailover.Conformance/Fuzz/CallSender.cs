using System.Buffers.Binary;
using ClientFailover.Conformance.Running;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>Responsible for sending native calls and broken frames over HTTP/2, and for having each answer judged.</summary>
/// <param name="service">The service.</param>
/// <param name="accounts">Who calls.</param>
/// <param name="judge">Judges.</param>
internal sealed class CallSender(RunningService service, FuzzAccounts accounts, Judge judge)
{
    // The service lets a connection send 1 MiB before it has to allow more, which is not waited for here.
    private const int MostData = 700_000;
    private const int FrameLimit = 16 * 1024;

    /// <summary>Sends calls side by side, over as many connections as their size takes.</summary>
    /// <param name="inputs">The calls.</param>
    public async Task SendAsync(IReadOnlyList<CallInput> inputs)
    {
        var part = new List<CallInput>();
        var size = 0;
        foreach (var input in inputs)
        {
            var more = input.Data.Sum(d => d.Length);
            if (part.Count > 0 && size + more > MostData)
            {
                await SendPartAsync(part);
                part.Clear();
                size = 0;
            }

            part.Add(input);
            size += more;
        }

        await SendPartAsync(part);
    }

    /// <summary>Sends frames that are none, and waits until the service has had enough.</summary>
    /// <param name="input">The frames.</param>
    public async Task SendAsync(FrameInput input)
    {
        using var patience = new CancellationTokenSource(RunningService.Patience);
        using var connection = await Http2Connection.OpenAsync(service.Grpc, patience.Token);
        var sending = connection.SendAsync([.. Http2Connection.Preface(), .. input.Bytes], isLast: true, patience.Token);
        try
        {
            while (await connection.ReadAsync(patience.Token) is not null)
            {
            }

            judge.TakeFrames();
        }
        catch (OperationCanceledException)
        {
            judge.Unanswered(input);
        }

        connection.Dispose();
        await sending;
    }

    private async Task SendPartAsync(List<CallInput> part)
    {
        using var patience = new CancellationTokenSource(RunningService.Patience);
        using var connection = await Http2Connection.OpenAsync(service.Grpc, patience.Token);
        List<CallInput> lost = [];
        var frames = new List<byte>(Http2Connection.Preface());
        var open = new Dictionary<int, (CallInput Input, CallReply Reply)>();
        for (var i = 0; i < part.Count; i++)
        {
            var stream = (2 * i) + 1;
            Write(frames, stream, part[i]);
            if (part[i].End == CallEnd.Reset)
            {
                judge.Take(part[i], null);
            }
            else
            {
                open[stream] = (part[i], new CallReply());
            }
        }

        var sending = connection.SendAsync([.. frames], isLast: false, patience.Token);
        try
        {
            lost = await ReadAsync(connection, open, patience.Token);
        }
        catch (OperationCanceledException)
        {
            foreach (var (input, _) in open.Values.Where(o => o.Input.End == CallEnd.Complete))
            {
                judge.Unanswered(input);
            }
        }

        connection.Dispose();
        await sending;

        // A call that HTTP does not allow ends the connection, and with it the calls beside it: those are sent again.
        if (lost.Count > 0 && part.Count > 1)
        {
            foreach (var half in lost.Chunk(Math.Max(1, (lost.Count + 1) / 2)))
            {
                await SendPartAsync([.. half]);
            }
        }
        else if (lost.Count > 0)
        {
            judge.Take(lost[0], null);
        }
    }

    private async Task<List<CallInput>> ReadAsync(Http2Connection connection, Dictionary<int, (CallInput Input, CallReply Reply)> open, CancellationToken patience)
    {
        while (open.Values.Any(o => o.Input.End == CallEnd.Complete) && await connection.ReadAsync(patience) is { } frame)
        {
            var call = open.GetValueOrDefault(frame.Stream);
            var ends = (frame.Flags & Http2Connection.EndStream) != 0;
            switch (frame.Type)
            {
                case Http2Connection.Headers or Http2Connection.Continuation:
                    // Answers are far shorter than a frame: the block is never continued in another.
                    if (call.Reply is not null)
                    {
                        Hpack.Decode(frame.Payload, call.Reply.Take);
                    }

                    break;
                case Http2Connection.Data when call.Reply is not null:
                    call.Reply.TakeData(frame.Payload);
                    break;
                case Http2Connection.Reset when call.Reply is not null:
                    call.Reply.ResetCode = BinaryPrimitives.ReadInt32BigEndian(frame.Payload);
                    ends = true;
                    break;
                case Http2Connection.Settings or Http2Connection.Ping when !ends:
                    var reply = new List<byte>();
                    Http2Connection.Write(
                        reply, frame.Type, Http2Connection.Acknowledgement, 0, frame.Type == Http2Connection.Ping ? frame.Payload : []);
                    await connection.SendAsync([.. reply], isLast: false, patience);
                    ends = false;
                    break;
                default:
                    ends = false;
                    break;
            }

            if (ends && open.Remove(frame.Stream))
            {
                judge.Take(call.Input, call.Reply);
            }
        }

        // What is left goes on by itself until it is reset, or was lost with the connection.
        var resets = new List<byte>();
        var lost = new List<CallInput>();
        foreach (var (stream, call) in open)
        {
            if (call.Input.End == CallEnd.Complete)
            {
                lost.Add(call.Input);
                continue;
            }

            Http2Connection.Write(resets, Http2Connection.Reset, 0, stream, [0, 0, 0, 8]);
            judge.Take(call.Input, call.Reply.Status > 0 ? call.Reply : null);
        }

        await connection.SendAsync([.. resets], isLast: true, patience);
        return lost;
    }

    private void Write(List<byte> frames, int stream, CallInput input)
    {
        var authorization = accounts.Of(input);
        List<(string, string)> headers = [(":method", "POST"), (":scheme", "http"), (":path", input.Path), (":authority", "localhost"), .. input.Headers];
        if (authorization is not null)
        {
            headers.Add(("authorization", authorization));
        }

        var isComplete = input.End == CallEnd.Complete;
        var isEmpty = input.Data.Length == 0;
        Http2Connection.Write(
            frames,
            Http2Connection.Headers,
            (byte)(Http2Connection.EndHeaders | (isComplete && isEmpty ? Http2Connection.EndStream : 0)),
            stream,
            Hpack.Encode(headers));
        var chunks = input.Data.SelectMany(d => d.Length == 0 ? [d] : d.Chunk(FrameLimit)).ToList();
        for (var i = 0; i < chunks.Count; i++)
        {
            Http2Connection.Write(
                frames, Http2Connection.Data, (byte)(isComplete && i == chunks.Count - 1 ? Http2Connection.EndStream : 0), stream, chunks[i]);
        }

        if (input.End == CallEnd.Reset)
        {
            Http2Connection.Write(frames, Http2Connection.Reset, 0, stream, [0, 0, 0, 8]);
        }
    }
}
