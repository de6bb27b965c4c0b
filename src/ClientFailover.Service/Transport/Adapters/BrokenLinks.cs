using ClientFailover.Service.Groups;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Transport.Adapters;

/// <summary>
/// Responsible for telling a broken network from broken adapters: when more than half of the open streams, and at
/// least ten, break within one connection-loss grace, none of those breaks says anything about its adapter.
/// </summary>
/// <param name="options">The grace.</param>
/// <param name="time">The clock.</param>
internal sealed class BrokenLinks(IOptions<TransportOptions> options, TimeProvider time)
{
    private const int Fewest = 10;

    private readonly Lock _gate = new();
    private readonly Queue<Break> _recent = new();
    private bool _isNetwork;

    /// <summary>A peer broke its stream without goodbye, and its group has been told.</summary>
    /// <param name="owner">Its group's owner.</param>
    /// <param name="sessionId">Its session.</param>
    /// <param name="stillOpen">How many streams are open after it.</param>
    public void Broke(IGroupOwner owner, string sessionId, int stillOpen)
    {
        List<Break> forgiven = [];
        lock (_gate)
        {
            Forget();
            var broken = new Break(time.GetTimestamp(), owner, sessionId);
            _recent.Enqueue(broken);
            if (_isNetwork)
            {
                forgiven.Add(broken);
            }
            else if (_recent.Count >= Fewest && _recent.Count > stillOpen)
            {
                _isNetwork = true;
                forgiven.AddRange(_recent);
            }
        }

        forgiven.ForEach(b => b.Owner.ForgiveBrokenLink(b.SessionId));
    }

    private void Forget()
    {
        while (_recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > options.Value.ConnectionLossGrace)
        {
            _recent.Dequeue();
        }

        _isNetwork = _isNetwork && _recent.Count > 0;
    }

    private readonly record struct Break(long At, IGroupOwner Owner, string SessionId);
}
