using ClientFailover.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>Responsible for following the group live: who is Primary, and why.</summary>
internal sealed class GroupWatch(GrpcChannel channel, string group, Func<string, string> nameOf, Terminal terminal)
{
    /// <summary>Session id of the Primary; null: none.</summary>
    public string? Primary { get; private set; }

    /// <summary>Why the group is as it is, for people.</summary>
    public string Summary { get; private set; } = "no Primary yet";

    /// <summary>Why the Primary became Primary.</summary>
    public Reason Reason { get; private set; }

    /// <summary>Follows the group until it is cancelled, or the service is gone.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var client = new EventService.EventServiceClient(channel);
        using var call = client.WatchEvents(new WatchEventsRequest { Group = group }, cancellationToken: cancellation);
        try
        {
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellation))
            {
                if (message.State is { } state)
                {
                    Primary = state.Status.HasPrimary ? state.Status.Primary : null;
                }
                else if (message.Event is { } change)
                {
                    Show(change);
                }
            }
        }
        catch (RpcException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new DemoException($"The watch broke: {exception.StatusCode}, {exception.Status.Detail}");
        }

        throw new DemoException("The service ended the watch.");
    }

    private void Show(Event change)
    {
        var session = change.HasSessionId ? nameOf(change.SessionId) : group;
        if (!change.HasNewRole)
        {
            terminal.Line(Speaker.Group, $"{session}: {change.Reason}");
            return;
        }

        var role = change.NewRole switch
        {
            Role.Primary => "is Primary",
            Role.PendingPrimary => "is to be Primary",
            _ => "is Secondary",
        };
        terminal.Line(Speaker.Group, $"{session} {role}: {change.Reason}, term {change.Term}{Times(change)}");
        if (change.NewRole == Role.Primary)
        {
            Primary = change.SessionId;
            Reason = change.Reason;
            Summary = $"{session} is Primary ({Reason}, term {change.Term})";
        }
        else if (Primary == change.SessionId)
        {
            Primary = null;
            Summary = $"no Primary ({change.Reason})";
        }
    }

    private static string Times(Event change)
    {
        var times = "";
        if (change.DetectionTime is { } silence)
        {
            times += $", silence {silence.ToTimeSpan().TotalSeconds:F2} s";
        }

        if (change.TakeoverTime is { } takeover)
        {
            times += $", assigned in {takeover.ToTimeSpan().TotalMilliseconds:F0} ms";
        }

        return times;
    }
}
