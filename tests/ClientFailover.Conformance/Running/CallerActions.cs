using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Running;

/// <summary>What tests do with a group besides what they are about.</summary>
internal static class CallerActions
{
    /// <summary>A failover timeout that no session reaches while a test runs, however slow the machine is.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    /// <summary>An id that no other test uses.</summary>
    public static string NewId(string prefix = "group") => $"{prefix}-{Guid.NewGuid():N}";

    /// <summary>Creates a group.</summary>
    public static async Task CreateGroupAsync(this Caller caller, string group, TimeSpan? timeout = null) =>
        await caller.Groups.CreateGroupAsync(new V1.CreateGroupRequest
        {
            Group = new V1.GroupConfiguration { Id = group, FailoverTimeout = Duration.FromTimeSpan(timeout ?? Long) },
        });

    /// <summary>Does something again until the service's limit of requests lets it through.</summary>
    public static async Task PatientlyAsync(this Caller caller, Func<Caller, Task> action)
    {
        while (true)
        {
            try
            {
                await action(caller);
                return;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                await caller.Rest.GetAsync("");
            }
        }
    }

    /// <summary>Registers a session.</summary>
    public static async Task RegisterAsync(this Caller caller, string group, string session) =>
        await caller.Sessions.RegisterSessionAsync(new V1.RegisterSessionRequest
        {
            GroupId = group,
            Session = new V1.SessionRegistration { Id = session },
        });

    /// <summary>Creates a group of a, which is Primary, and b, which is Secondary, both speaking REST.</summary>
    public static async Task CreatePairAsync(this Caller caller, string group)
    {
        await caller.CreateGroupAsync(group);
        await caller.RegisterAsync(group, "a");
        await caller.BeatAsync(group, "a", 50);
        await caller.RegisterAsync(group, "b");
        await caller.BeatAsync(group, "b", 50);
    }

    /// <summary>Posts a heartbeat as adapters in the field do: over REST.</summary>
    /// <returns>The role it was answered.</returns>
    public static async Task<V1.Role> BeatAsync(this Caller caller, string group, string session, float score)
    {
        using var response = await caller.Rest.PostAsJsonAsync(
            $"groups/{group}/clientsessions/{session}/heartbeat", new { FailoverScore = score });
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (V1.Role)answer.GetProperty("Role").GetInt32();
    }

    /// <summary>Orders a session's role.</summary>
    public static async Task OverrideAsync(this Caller caller, string group, string session, V1.RoleOverride value) =>
        await caller.Sessions.SetRoleOverrideAsync(new V1.SetRoleOverrideRequest
        {
            GroupId = group,
            SessionId = session,
            RoleOverride = new V1.RoleOverrideOrder { Value = value },
        });

    /// <summary>Who is Primary.</summary>
    public static async Task<V1.GroupStatus> StatusAsync(this Caller caller, string group) =>
        await caller.Groups.GetGroupStatusAsync(new V1.GetGroupStatusRequest { GroupId = group });

    /// <summary>One session.</summary>
    public static async Task<V1.ClientSession> SessionAsync(this Caller caller, string group, string session) =>
        await caller.Sessions.GetSessionAsync(new V1.GetSessionRequest { GroupId = group, SessionId = session });

    /// <summary>Whether a session is there, and was heard from: then it may become Primary.</summary>
    public static async Task<bool> IsCandidateAsync(this Caller caller, string group, string session)
    {
        var sessions = await caller.Sessions.ListSessionsAsync(new V1.ListSessionsRequest { GroupId = group });
        return sessions.Sessions.Any(s => s.Id == session && s.HeartbeatPosted);
    }

    /// <summary>Deletes a session.</summary>
    public static async Task DeleteSessionAsync(this Caller caller, string group, string session) =>
        await caller.Sessions.DeleteSessionAsync(new V1.DeleteSessionRequest { GroupId = group, SessionId = session });

    /// <summary>
    /// Lets time pass by the service's own clock: a session without heartbeats times out after it, and deadlines run
    /// out in their order. What had been due before has happened then.
    /// </summary>
    public static async Task LetPassAsync(this Caller caller, TimeSpan time)
    {
        var group = NewId("clock");
        await caller.CreateGroupAsync(group, time);
        using var watcher = await Watcher.StartAsync(caller, group);
        await caller.RegisterAsync(group, "hand");
        await watcher.UntilAsync(V1.Reason.SessionTimedOut, "hand");
    }
}
