using ClientFailover.Engine;
using Microsoft.Extensions.ObjectPool;

namespace ClientFailover.Service.Transport.Adapters;

/// <summary>
/// Responsible for the messages that heartbeats are answered with: used again as soon as they are written, because what
/// is allocated for every heartbeat brings on collections, and those hold up promotions.
/// </summary>
internal sealed class ReplyPool
{
    private readonly DefaultObjectPool<V1.ServiceMessage> _idle = new(new Policy());

    /// <summary>A reply, to be given back when it is written.</summary>
    /// <param name="sequence">The heartbeat's sequence.</param>
    /// <param name="reply">What the group answers.</param>
    /// <returns>The message.</returns>
    public V1.ServiceMessage Take(long sequence, RoleReply reply)
    {
        var message = _idle.Get();
        var content = message.HeartbeatReply;
        content.Sequence = sequence;
        content.Role = (V1.Role)reply.Role;
        content.Term = reply.Term;
        content.LastDataProcessedTime = WireMap.ToTimestamp(reply.LastDataProcessedTime, content.LastDataProcessedTime);
        return message;
    }

    /// <summary>Takes back a reply that is written, and that nobody holds any more.</summary>
    /// <param name="message">The message.</param>
    public void Return(V1.ServiceMessage message) => _idle.Return(message);

    private sealed class Policy : PooledObjectPolicy<V1.ServiceMessage>
    {
        public override V1.ServiceMessage Create() => new() { HeartbeatReply = new V1.StreamHeartbeatReply() };

        public override bool Return(V1.ServiceMessage obj) => true;
    }
}
