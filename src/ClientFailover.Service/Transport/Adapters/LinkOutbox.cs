using ClientFailover.Engine;
using ClientFailover.Service.Groups;

namespace ClientFailover.Service.Transport.Adapters;

/// <summary>
/// Responsible for what an adapter's stream has still to be sent, and in which order: of assignments and of replies the
/// newest, of notices the last few. Not safe for threads.
/// </summary>
/// <param name="replies">Messages to answer with.</param>
internal sealed class LinkOutbox(ReplyPool replies)
{
    private const int MostNotices = 8;

    private V1.ServiceMessage? _welcome;
    private RoleReply? _reply;
    private long _replyTo;
    private long _replySequence;
    private Queue<V1.Notice>? _notices;
    private Assignment? _assignment;
    private Assignment? _lastAssignment;
    private long _lastSequence;

    /// <summary>Takes the welcome, which goes before everything else.</summary>
    /// <param name="welcome">The welcome.</param>
    /// <param name="sequence">The newest assignment that the welcome takes account of.</param>
    public void Welcome(V1.Welcome welcome, long sequence)
    {
        // An assignment of the session's former stream may arrive late, and must not follow a newer welcome.
        if (_lastSequence <= sequence)
        {
            (_lastSequence, _assignment) = (sequence, null);
        }

        _welcome = new V1.ServiceMessage { Welcome = welcome };
    }

    /// <summary>Takes an assignment.</summary>
    /// <param name="assignment">The assignment.</param>
    /// <returns>False: a newer one is known.</returns>
    public bool Assign(Assignment assignment)
    {
        if (assignment.Sequence <= _lastSequence)
        {
            return false;
        }

        _lastSequence = assignment.Sequence;
        _assignment = _lastAssignment = assignment;
        return true;
    }

    /// <summary>Takes the answer to a heartbeat.</summary>
    /// <param name="sequence">The heartbeat's sequence.</param>
    /// <param name="reply">What the group answers.</param>
    /// <param name="after">The newest assignment that the answer takes account of.</param>
    public void Reply(long sequence, RoleReply reply, long after)
    {
        // The group answered before it made the assignment that was sent meanwhile: the newer one holds.
        if (_lastAssignment is { DrainTime: null } newer && newer.Sequence > after)
        {
            reply = reply with { Role = newer.Role, Term = newer.Term };
            after = newer.Sequence;
        }

        (_reply, _replyTo, _replySequence) = (reply, sequence, after);
    }

    /// <summary>Takes a notice.</summary>
    /// <param name="notice">The notice.</param>
    public void Notify(V1.Notice notice)
    {
        _notices ??= new Queue<V1.Notice>(1);
        if (_notices.Count == MostNotices)
        {
            _notices.Dequeue();
        }

        _notices.Enqueue(notice);
    }

    /// <summary>Gives the next message out.</summary>
    /// <returns>The message; null: there is nothing to send.</returns>
    public V1.ServiceMessage? Next()
    {
        V1.ServiceMessage? next = null;
        if (_welcome is not null)
        {
            (next, _welcome) = (_welcome, null);
        }
        else if (_reply is { } reply && !(_replySequence >= _assignment?.Sequence))
        {
            // A reply that was made before the assignment goes before it: the newer one has the last word.
            next = replies.Take(_replyTo, reply);
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

        return next;
    }
}
