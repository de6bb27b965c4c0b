using ClientFailover.Conformance.Running;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Crash;

/// <summary>
/// Responsible for what watchers were told: that is stored, so it is still known after any crash. Each new Primary
/// has a greater term than any before, also in a group that was deleted and created again.
/// </summary>
internal sealed class ToldEvents
{
    private readonly Dictionary<string, long> _terms = [];
    private readonly List<V1.Event> _events = [];

    /// <summary>How often a session was told to be Primary.</summary>
    public int Promotions { get; private set; }

    /// <summary>Follows the service until it is gone.</summary>
    /// <param name="caller">Calls it.</param>
    /// <returns>The state that it started with, by group; and what follows it.</returns>
    public async Task<(Dictionary<string, V1.GroupState> State, Task Following)> FollowAsync(Caller caller)
    {
        var call = caller.Events.WatchEvents(new V1.WatchEventsRequest());
        var state = new Dictionary<string, V1.GroupState>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None) && call.ResponseStream.Current is { SnapshotComplete: false } update)
        {
            state.Add(update.State.Group.Id, update.State);
        }

        return (state, RestAsync(call));
    }

    /// <summary>Checks that a group's history and term are still there.</summary>
    /// <param name="caller">Calls the service, which has just started.</param>
    /// <param name="state">The group.</param>
    public async Task CheckAsync(Caller caller, V1.GroupState state)
    {
        var group = state.Group.Id;
        Assert.That(state.Term, Is.GreaterThanOrEqualTo(_terms.GetValueOrDefault(group)), "Terms never go back.");
        var history = await caller.Events.ListEventsAsync(new V1.ListEventsRequest { GroupId = group, Count = 1000 });
        var oldest = history.Events[^1].Revision;
        Assert.That(
            _events.Where(e => e.GroupId == group && e.Revision >= oldest), Is.SubsetOf(history.Events), "What was told is still known.");
    }

    private async Task RestAsync(AsyncServerStreamingCall<V1.WatchEventsResponse> call)
    {
        using (call)
        {
            try
            {
                while (await call.ResponseStream.MoveNext(CancellationToken.None))
                {
                    if (call.ResponseStream.Current.Event is { } happened)
                    {
                        Take(happened);
                    }
                }
            }
            catch (RpcException)
            {
                // The service is gone.
            }
        }
    }

    private void Take(V1.Event happened)
    {
        _events.Add(happened);
        if (happened is { HasNewRole: true, NewRole: V1.Role.Primary })
        {
            Assert.That(happened.Term, Is.GreaterThan(_terms.GetValueOrDefault(happened.GroupId)), "Terms only grow.");
            _terms[happened.GroupId] = happened.Term;
            Promotions++;
        }
    }
}
