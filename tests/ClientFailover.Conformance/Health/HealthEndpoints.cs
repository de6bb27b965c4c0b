using System.Text.Json;
using ClientFailover.Conformance.Rest;
using ClientFailover.Conformance.Running;
using ClientFailover.HealthReceiver;
using ClientFailover.HealthReceiver.Hosting;

namespace ClientFailover.Conformance.Health;

/// <summary>What tests do with health endpoints, over REST as an administrator does.</summary>
internal static class HealthEndpoints
{
    /// <summary>The container of the status of a service on this machine.</summary>
    public static string Status { get; } = $"{Environment.MachineName}.ClientFailoverService.ClientFailover.DeviceStatus";

    /// <summary>The container of how much it has to look after.</summary>
    public static string Count { get; } = $"{Environment.MachineName}.ClientFailoverService.ClientFailover.FailoverObjectCount";

    /// <summary>Puts endpoints in force, in place of all others.</summary>
    public static async Task ConfigureAsync(this RunningService service, params object[] endpoints)
    {
        using var administrator = new RestClient(service, service.Administrator.Header);
        var reply = await administrator.SendAsync(HttpMethod.Put, "/api/v1/configuration/healthendpoints", RestClient.Json(JsonSerializer.Serialize(endpoints)));
        reply.IsNoContent();
    }

    /// <summary>Sets the level of the log.</summary>
    public static async Task SetLevelAsync(this RunningService service, string level)
    {
        using var administrator = new RestClient(service, service.Administrator.Header);
        var reply = await administrator.SendAsync(HttpMethod.Put, "/api/v1/configuration/logging", RestClient.Json($$"""{"LogLevel":"{{level}}"}"""));
        reply.IsNoContent();
    }

    /// <summary>An endpoint without credentials.</summary>
    public static object At(string id, Uri address) => new { Id = id, Endpoint = address };

    /// <summary>Starts a receiver.</summary>
    public static Task<ReceiverServer> ReceiveAsync(Func<OmfPost, Fault?>? plays = null, IReceiverAccess? access = null, bool isPi = true) =>
        ReceiverServer.StartAsync(new StrictReceiver(new ReceiverOptions { Plays = plays ?? (_ => null), IsPi = isPi }), access);

    /// <summary>The statuses that came, in their order.</summary>
    public static IReadOnlyList<int> StatusesOf(this StrictReceiver receiver) =>
        [.. receiver.ValuesOf(Status).Select(v => v.Json.GetProperty("DeviceStatus").GetInt32())];

    /// <summary>Waits until something is so.</summary>
    public static Task UntilAsync(this ReceiverServer server, Func<StrictReceiver, bool> condition) => server.Receiver.UntilAsync(condition, RunningService.Patience);
}
