using ClientFailover.Service.Identity;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport;

/// <summary>How many watches one caller may have open, over everything that can open one.</summary>
[NonParallelizable]
public sealed class WatchLimitTests : ApiTests
{
    private const string Path = "/api/v1/clientfailover/events:watch";

    private protected override string[] Settings => ["--MaxWatchesPerCaller", "1"];

    [Test]
    public async Task Watch_OneTooMany_IsRefusedOverEverythingUntilTheFirstIsClosed()
    {
        var caller = TestCallers.Of("watcher", null, Roles.Users);
        var grpc = GrpcOf(caller);
        var rest = Host.Rest(TestScheme.Header(caller));
        using (var first = grpc.Open(V1.EventService.Descriptor.FindMethodByName("WatchEvents"), new V1.WatchEventsRequest()))
        {
            await ReadAsync<V1.WatchEventsResponse>(first.ResponseStream);

            using var second = grpc.Open(V1.EventService.Descriptor.FindMethodByName("WatchEvents"), new V1.WatchEventsRequest());
            var refused = await EndAsync(second.ResponseStream);
            using var health = grpc.Open(Grpc.Health.V1.Health.Descriptor.FindMethodByName("Watch"), new Grpc.Health.V1.HealthCheckRequest());
            var refusedHealth = await EndAsync(health.ResponseStream);
            var (status, body) = await SendAsync(rest, "GET", Path);

            Assert.That((refused.StatusCode, CodeOf(refused)), Is.EqualTo((StatusCode.ResourceExhausted, "LIMIT_REACHED")));
            Assert.That((refusedHealth.StatusCode, CodeOf(refusedHealth)), Is.EqualTo((StatusCode.ResourceExhausted, "LIMIT_REACHED")));
            Assert.That((status, CodeOf(body)), Is.EqualTo((429, "LIMIT_REACHED")));
            using var others = GrpcOf(TestCallers.Adapter).Open(V1.EventService.Descriptor.FindMethodByName("WatchEvents"), new V1.WatchEventsRequest());
            await ReadAsync<V1.WatchEventsResponse>(others.ResponseStream);
        }

        // That it was closed has to arrive.
        Assert.That(async () => await StatusAsync(rest), Is.EqualTo(200).After(60_000, 10));
    }

    private static async Task<int> StatusAsync(HttpClient rest)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path) { Version = rest.DefaultRequestVersion, VersionPolicy = rest.DefaultVersionPolicy };
        using var response = await rest.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (int)response.StatusCode;
    }
}
