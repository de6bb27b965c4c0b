using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Transport.Adapters;

/// <summary>
/// Responsible for telling a broken network from broken adapters: when the streams of at least ten sessions, which are more than
/// half of the open ones, break within one connection-loss grace, and so do more than half of those of a namespace, none of the
/// breaks in that namespace says anything about its adapter. Of a namespace as well as of all: else whoever may open streams could
/// break enough of its own to have the lost adapters of others noticed later. A session that breaks its stream again and again is
/// one, for the same reason.
/// </summary>
/// <param name="options">The grace.</param>
/// <param name="time">The clock.</param>
internal sealed class BrokenLinks(IOptions<TransportOptions> options, TimeProvider time)
{
    private const int Fewest = 10;

    private readonly Lock _gate = new();
    private readonly Queue<Space> _recent = new();
    private readonly Dictionary<GroupKey, Space> _spaces = [];
    private int _sessions;
    private bool _areMany;

    /// <summary>A peer broke its stream without goodbye, and its group has been told.</summary>
    /// <param name="owner">Its group's owner.</param>
    /// <param name="sessionId">Its session.</param>
    /// <param name="stillOpen">How many streams are open after it.</param>
    /// <param name="stillOpenIn">How many of them are of a namespace, which is named as the collection of its groups.</param>
    public void Broke(IGroupOwner owner, string sessionId, int stillOpen, Func<GroupKey, int> stillOpenIn)
    {
        List<Break> forgiven = [];
        lock (_gate)
        {
            Forget();
            var key = AccessLists.Collection(owner.Key.Tenant, owner.Key.Namespace);
            if (!_spaces.TryGetValue(key, out var space))
            {
                _spaces[key] = space = new Space(key);
            }

            var broken = new Break(time.GetTimestamp(), owner, sessionId);
            _recent.Enqueue(space);
            _sessions += space.Add(broken) ? 1 : 0;
            if (space.IsCut)
            {
                forgiven.Add(broken);
            }
            else if (_areMany)
            {
                Judge(space, stillOpenIn, forgiven);
            }
            else if (_sessions >= Fewest && _sessions > stillOpen)
            {
                _areMany = true;
                foreach (var each in _spaces.Values)
                {
                    Judge(each, stillOpenIn, forgiven);
                }
            }
        }

        forgiven.ForEach(b => b.Owner.ForgiveBrokenLink(b.SessionId));
    }

    private static void Judge(Space space, Func<GroupKey, int> stillOpenIn, List<Break> forgiven)
    {
        if (space.Sessions > stillOpenIn(space.Key))
        {
            space.IsCut = true;
            forgiven.AddRange(space.Breaks);
        }
    }

    private void Forget()
    {
        while (_recent.TryPeek(out var space) && time.GetElapsedTime(space.Breaks.Peek().At) > options.Value.ConnectionLossGrace)
        {
            _recent.Dequeue();
            _sessions -= space.RemoveOldest() ? 1 : 0;
            if (space.Breaks.Count == 0)
            {
                _spaces.Remove(space.Key);
            }
        }

        _areMany = _areMany && _recent.Count > 0;
    }

    private readonly record struct Break(long At, IGroupOwner Owner, string SessionId);

    /// <summary>The recent breaks of a namespace.</summary>
    private sealed class Space(GroupKey key)
    {
        private readonly Dictionary<(GroupKey, string), int> _sessions = [];

        public GroupKey Key { get; } = key;

        public Queue<Break> Breaks { get; } = new();

        public int Sessions => _sessions.Count;

        public bool IsCut { get; set; }

        /// <summary>Adds a break; tells whether it is the first of its session.</summary>
        public bool Add(Break broken)
        {
            Breaks.Enqueue(broken);
            var session = IdOf(broken);
            var times = _sessions.GetValueOrDefault(session);
            _sessions[session] = times + 1;
            return times == 0;
        }

        /// <summary>Removes the oldest; tells whether it was the last of its session.</summary>
        public bool RemoveOldest()
        {
            var session = IdOf(Breaks.Dequeue());
            var isLast = --_sessions[session] == 0;
            if (isLast)
            {
                _sessions.Remove(session);
            }

            return isLast;
        }

        private static (GroupKey, string) IdOf(Break broken) => (broken.Owner.Key, broken.SessionId.ToUpperInvariant());
    }
}
