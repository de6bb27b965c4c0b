using System.IO.Pipelines;
using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Identity;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Adapters;

/// <summary>
/// Responsible for what is sent on one adapter's stream: one write at a time, replies written inline by whoever has
/// one, and nobody waits for an adapter that does not read: of what it has not read, the newest assignment and the
/// newest reply are kept.
/// </summary>
internal sealed partial class AdapterLink : IAdapterLink, IDisposable
{
    private static long lastId;

    private readonly Lock _gate = new();
    private readonly IServerStreamWriter<V1.ServiceMessage> _writer;
    private readonly PipeReader _requests;
    private readonly ReplyPool _replies;
    private readonly LinkOutbox _outbox;
    private TaskCompletionSource? _finished;
    private bool _started;
    private bool _writing;
    private bool _finishing;
    private bool _gone;
    private bool _closed;

    /// <summary>A link that sends nothing before <see cref="Start"/>.</summary>
    /// <param name="writer">The stream.</param>
    /// <param name="requests">Where the adapter's messages come from: reading is broken off when the service ends the stream.</param>
    /// <param name="replies">Messages to answer with.</param>
    public AdapterLink(IServerStreamWriter<V1.ServiceMessage> writer, PipeReader requests, ReplyPool replies) =>
        (_writer, _requests, _replies, _outbox) = (writer, requests, replies, new LinkOutbox(replies));

    /// <inheritdoc/>
    public long Id { get; } = Interlocked.Increment(ref lastId);

    /// <inheritdoc/>
    public Session? Session { get; set; }

    /// <summary>The owner of its group; null: none that matters.</summary>
    public IGroupOwner? Owner { get; init; }

    /// <summary>Who opened it, shared by all streams of one credential, with which it ends; null: nobody whose rights matter.</summary>
    public CallerPrincipal? Principal { get; init; }

    /// <summary>What the stream was opened with, and ends with; null: nothing that ends before it.</summary>
    public VerifiedCredential? Credential => Principal?.Credential;

    /// <summary>Sends the welcome, and from now on everything else.</summary>
    /// <param name="welcome">The welcome.</param>
    /// <param name="sequence">The newest assignment that the welcome takes account of.</param>
    public void Start(V1.Welcome welcome, long sequence)
    {
        lock (_gate)
        {
            _outbox.Welcome(welcome, sequence);
            _started = true;
        }

        Pump();
    }

    /// <inheritdoc/>
    public void Assign(Assignment assignment)
    {
        lock (_gate)
        {
            if (!_outbox.Assign(assignment))
            {
                return;
            }
        }

        Pump();
    }

    /// <summary>Answers a heartbeat.</summary>
    /// <param name="sequence">The heartbeat's sequence.</param>
    /// <param name="result">What the group answers.</param>
    public void Reply(long sequence, LinkResult result)
    {
        V1.ServiceMessage? first;
        lock (_gate)
        {
            _outbox.Reply(sequence, result.Reply!.Value, result.Sequence);
            first = Claim();
        }

        Write(first);
    }

    /// <summary>Sends a notice.</summary>
    /// <param name="notice">The notice.</param>
    public void Notify(V1.Notice notice)
    {
        lock (_gate)
        {
            _outbox.Notify(notice);
        }

        Pump();
    }

    private void Pump()
    {
        V1.ServiceMessage? first;
        lock (_gate)
        {
            first = Claim();
        }

        Write(first);
    }

    /// <summary>Makes the caller the one who writes, unless another does or there is nothing to send. Under the lock.</summary>
    /// <returns>What it is to write first; null: it is not the one.</returns>
    private V1.ServiceMessage? Claim()
    {
        if (!_writing && _started)
        {
            return Next();
        }

        if (_finishing && !_writing)
        {
            _finished!.TrySetResult();
        }

        return null;
    }

    /// <summary>The next message, to be written by the caller. Under the lock.</summary>
    private V1.ServiceMessage? Next()
    {
        var next = _outbox.Next();
        _writing = next is not null;
        if (next is null && _finishing)
        {
            _finished!.TrySetResult();
        }

        return next;
    }

    private void Write(V1.ServiceMessage? first)
    {
        if (first is not null)
        {
            _ = WriteAsync(first);
        }
    }

    private async Task WriteAsync(V1.ServiceMessage? message)
    {
        try
        {
            while (message is not null)
            {
                await _writer.WriteAsync(message).ConfigureAwait(false);
                if (message.MessageCase == V1.ServiceMessage.MessageOneofCase.HeartbeatReply)
                {
                    _replies.Return(message);
                }

                lock (_gate)
                {
                    message = Next();
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException or RpcException)
        {
            // The peer is gone; whoever reads from it finds out, and says so. Nothing is written any more.
            lock (_gate)
            {
                _gone = true;
                _finished?.TrySetResult();
            }
        }
    }
}
