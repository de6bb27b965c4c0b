using System.Diagnostics;
using System.IO.Pipelines;
using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Validation;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Service.Transport.Adapters;

/// <summary>Responsible for what one adapter says after its hello: maps each message, gives it to the owner, answers.</summary>
/// <param name="owner">The group's owner.</param>
/// <param name="sessionId">The session.</param>
/// <param name="link">Where answers go.</param>
/// <param name="heartbeats">Counts heartbeats.</param>
/// <param name="time">The clock.</param>
internal sealed class AdapterReader(IGroupOwner owner, string sessionId, AdapterLink link, HeartbeatCounts heartbeats, TimeProvider time)
{
    /// <summary>Messages that may be taken one after the other before others have their turn: an adapter has one or two to say at a time.</summary>
    public const int Turn = 16;

    /// <summary>Heartbeats refused in a row before the stream is read more slowly.</summary>
    public const int RefusedAtOnce = 10;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private int _refusedInARow;
    private TimeSpan _pause;
    private bool _unregisters;

    /// <summary>Whether the adapter went without goodbye.</summary>
    public bool BrokenByPeer { get; set; }

    /// <summary>Whether the adapter said goodbye.</summary>
    public bool SaidGoodbye { get; private set; }

    /// <summary>Reads until the adapter says goodbye or goes, or the service ends the stream.</summary>
    /// <param name="requests">The stream, after hello.</param>
    /// <returns>Done when the stream has ended in order.</returns>
    public async Task ReadAsync(AdapterMessages requests)
    {
        // The trace of the call ends with it, and need not be carried through every heartbeat.
        Activity.Current = null;
        for (var atOnce = 0; !link.HasEnded;)
        {
            if (atOnce >= Turn)
            {
                atOnce = 0;
                await BackOfTheQueue.Yield;
            }

            var reading = requests.ReadAsync();
            atOnce = reading.IsCompleted ? atOnce + 1 : 0;
            TakeNext(requests, await reading);
            if (SaidGoodbye)
            {
                await LeaveAsync();
                return;
            }

            if (BrokenByPeer)
            {
                return;
            }

            if (_refusedInARow > RefusedAtOnce)
            {
                // What it sends meanwhile stays in the network, and holds up nobody but itself.
                await Task.Delay(_pause, time);
            }
        }
    }

    /// <summary>Not in the loop: a message that it held would outlive a collection, as would those of all streams.</summary>
    private void TakeNext(AdapterMessages requests, in ReadResult read)
    {
        var message = requests.Take(read);
        BrokenByPeer = requests.HasEnded;
        switch (message?.MessageCase)
        {
            case V1.AdapterMessage.MessageOneofCase.Heartbeat:
                Take(message.Heartbeat);
                break;
            case V1.AdapterMessage.MessageOneofCase.Acknowledgement:
                Take(message.Acknowledgement);
                break;
            case V1.AdapterMessage.MessageOneofCase.Goodbye:
                SaidGoodbye = true;
                _unregisters = message.Goodbye.Unregister;
                break;
            case V1.AdapterMessage.MessageOneofCase.Hello:
                throw new FailureException(Failures.OutOfOrder("It said hello twice."));
            default:
                // A message of a newer version of the contract: an older service passes it over.
                break;
        }
    }

    private void Take(V1.StreamHeartbeat heartbeat)
    {
        var violations = default(Violations);
        var report = HeartbeatRules.Read(
            ref violations,
            heartbeat.HasFailoverScore ? heartbeat.FailoverScore : null,
            heartbeat.LastDataProcessedTime,
            heartbeat.AdapterTime,
            "heartbeat.adapter_time");
        if (violations.Any)
        {
            heartbeats.Refused.Increment();
            Refused(LongestPause);
            Notify(V1.Notice.Types.Kind.HeartbeatInvalid, violations.ToFailure(), heartbeat.Sequence);
            return;
        }

        var result = owner.HeartbeatOnLink(sessionId, link, report);
        heartbeats.Count(result.Refusal);
        if (result.Refusal is not { } refusal)
        {
            _refusedInARow = 0;
            if (result.Reply is not null)
            {
                link.Reply(heartbeat.Sequence, result);
            }
        }
        else if (refusal.Kind == RefusalKind.HeartbeatTooSoon)
        {
            Refused(refusal.RetryAfter is { } wait && wait < LongestPause ? wait : LongestPause);
            Notify(V1.Notice.Types.Kind.HeartbeatTooSoon, Failures.Of(refusal, owner.Key.Group, sessionId), heartbeat.Sequence);
        }
        else
        {
            link.End(LinkEnd.SessionDeleted);
        }
    }

    private void Refused(TimeSpan pause)
    {
        _refusedInARow++;
        _pause = pause;
    }

    private void Take(V1.RoleAcknowledgement acknowledgement)
    {
        // A final time that is no time is as good as none: the handover does not wait for a better one.
        var violations = default(Violations);
        var final = TimeRules.Read(
            ref violations, acknowledgement.FinalLastDataProcessedTime, "final_last_data_processed_time", "acknowledgement.final_last_data_processed_time");
        owner.Acknowledge(sessionId, link, acknowledgement.Term, final);
    }

    private async Task LeaveAsync()
    {
        // A stream that was replaced must not take its successor's session away.
        if (owner.CloseLink(sessionId, link, brokenByPeer: false) && _unregisters)
        {
            await owner.ChangeAsync(new UnregisterSession(sessionId), CancellationToken.None);
        }
    }

    private void Notify(V1.Notice.Types.Kind kind, Failure failure, long sequence) => link.Notify(new V1.Notice
    {
        Kind = kind,
        Message = failure.Message,
        Sequence = sequence,
        RetryAfter = failure.RetryAfter is { } wait ? Duration.FromTimeSpan(wait) : null,
    });
}
