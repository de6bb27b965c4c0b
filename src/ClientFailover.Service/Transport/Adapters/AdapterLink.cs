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
    private const int MostNotices = 8;
    private static long lastId;

    private readonly Lock _gate = new();
    private readonly IServerStreamWriter<V1.ServiceMessage> _writer;
    private readonly PipeReader _requests;
    private readonly ReplyPool _replies;
    private TaskCompletionSource? _finished;

    private V1.ServiceMessage? _welcome;
    private RoleReply? _reply;
    private long _replyTo;
    private long _replySequence;
    private Queue<V1.Notice>? _notices;
    private Assignment? _assignment;
    private Assignment? _lastAssignment;
    private long _lastSequence;
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
        (_writer, _requests, _replies) = (writer, requests, replies);

    /// <inheritdoc/>
    public long Id { get; } = Interlocked.Increment(ref lastId);

    /// <inheritdoc/>
    public Session? Session { get; set; }

    /// <summary>What the stream was opened with, and ends with; null: nothing that ends before it.</summary>
    public VerifiedCredential? Credential { get; init; }

    /// <summary>Sends the welcome, and from now on everything else.</summary>
    /// <param name="welcome">The welcome.</param>
    /// <param name="sequence">The newest assignment that the welcome takes account of.</param>
    public void Start(V1.Welcome welcome, long sequence)
    {
        lock (_gate)
        {
            // An assignment of the session's former stream may arrive late, and must not follow a newer welcome.
            if (_lastSequence <= sequence)
            {
                (_lastSequence, _assignment) = (sequence, null);
            }

            _welcome = new V1.ServiceMessage { Welcome = welcome };
            _started = true;
        }

        Pump();
    }

    /// <inheritdoc/>
    public void Assign(Assignment assignment)
    {
        lock (_gate)
        {
            if (assignment.Sequence <= _lastSequence)
            {
                return;
            }

            _lastSequence = assignment.Sequence;
            _assignment = _lastAssignment = assignment;
        }

        Pump();
    }

    /// <summary>Answers a heartbeat.</summary>
    /// <param name="sequence">The heartbeat's sequence.</param>
    /// <param name="result">What the group answers.</param>
    public void Reply(long sequence, LinkResult result)
    {
        var reply = result.Reply!.Value;
        bool mayWrite;
        lock (_gate)
        {
            // The group answered before it made the assignment that was sent meanwhile: the newer one holds.
            _replySequence = result.Sequence;
            if (_lastAssignment is { DrainTime: null } newer && newer.Sequence > result.Sequence)
            {
                reply = reply with { Role = newer.Role, Term = newer.Term };
                _replySequence = newer.Sequence;
            }

            (_reply, _replyTo) = (reply, sequence);
            mayWrite = Claim();
        }

        if (mayWrite)
        {
            _ = WriteAsync();
        }
    }

    /// <summary>Sends a notice.</summary>
    /// <param name="notice">The notice.</param>
    public void Notify(V1.Notice notice)
    {
        lock (_gate)
        {
            _notices ??= new Queue<V1.Notice>(1);
            if (_notices.Count == MostNotices)
            {
                _notices.Dequeue();
            }

            _notices.Enqueue(notice);
        }

        Pump();
    }

    private void Pump()
    {
        bool mayWrite;
        lock (_gate)
        {
            mayWrite = Claim();
        }

        if (mayWrite)
        {
            _ = WriteAsync();
        }
    }

    /// <summary>Makes the caller the one who writes, unless another does. Under the lock.</summary>
    private bool Claim()
    {
        if (_writing || !_started)
        {
            if (_finishing && !_writing)
            {
                _finished!.TrySetResult();
            }

            return false;
        }

        return _writing = true;
    }

    private async Task WriteAsync()
    {
        try
        {
            while (Next() is { } message)
            {
                await _writer.WriteAsync(message).ConfigureAwait(false);
                if (message.MessageCase == V1.ServiceMessage.MessageOneofCase.HeartbeatReply)
                {
                    _replies.Return(message);
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

    private V1.ServiceMessage? Next()
    {
        lock (_gate)
        {
            V1.ServiceMessage? next = null;
            if (_welcome is not null)
            {
                (next, _welcome) = (_welcome, null);
            }
            else if (_reply is { } reply && !(_replySequence >= _assignment?.Sequence))
            {
                // A reply that was made before the assignment goes before it: the newer one has the last word.
                next = _replies.Take(_replyTo, reply);
                _reply = null;
            }
            else if (_assignment is { } assignment)
            {
                next = new V1.ServiceMessage { Assignment = assignment.ToWire() };
                _assignment = null;
            }
            else if (_notices is { Count: > 0 })
            {
                next = new V1.ServiceMessage { Notice = _notices.Dequeue() };
            }

            _writing = next is not null;
            if (next is null && _finishing)
            {
                _finished!.TrySetResult();
            }

            return next;
        }
    }
}
