using System.Net;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Liveness;
using ClientFailover.Service.Tests.Transport;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

/// <summary>What the probes say of a service as its executable composes it.</summary>
[NonParallelizable]
public sealed class HealthTests
{
    private ApiHost _host = null!;
    private HttpClient _user = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _host = await ApiHost.StartAsync();
        _user = _host.Rest(TestScheme.Header(TestCallers.Adapter));
    }

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task Probes_ServiceThatDecides_SayYes() => Assert.That(await AskAsync(), Is.EqualTo((
        HttpStatusCode.OK, HttpStatusCode.OK, HealthCheckResponse.Types.ServingStatus.Serving)));

    [Test]
    public async Task Probes_ThreadIsStuck_SayNoUntilItGoesOn()
    {
        var patience = TimeSpan.FromTicks(1);
        var pulse = _host.App.Services.GetRequiredService<Pulses>().Add("deadlines of a test", patience);
        pulse.Beat();
        Assert.That(() => pulse.IsStuck, Is.True.After(60_000, 1));

        var stuck = await AskAsync();
        pulse.Rest();

        Assert.That(stuck, Is.EqualTo((
            HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HealthCheckResponse.Types.ServingStatus.NotServing)));
        Assert.That((await AskAsync()).Ready, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Probes_ServiceStops_IsAliveButNotReady()
    {
        // Only tells: the server of a host that a test started goes on until the test stops it.
        _host.App.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.That(await AskAsync(), Is.EqualTo((
            HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HealthCheckResponse.Types.ServingStatus.NotServing)));
    }

    [Test]
    public void Endpoints_Liveness_IsMarkedForARateOfItsOwn()
    {
        var marked = _host.Endpoints.Where(e => ProbeRequest.Is(For(e)));

        Assert.That(marked.Select(e => e.RoutePattern.RawText), Is.EqualTo(new[] { "/healthz/live" }));
    }

    private async Task<(HttpStatusCode Live, HttpStatusCode Ready, HealthCheckResponse.Types.ServingStatus Grpc)> AskAsync()
    {
        using var live = await _host.Rest(null).GetAsync("/healthz/live");
        using var ready = await _user.GetAsync("/healthz/ready");
        var answer = await _host.Grpc(TestScheme.Header(TestCallers.Adapter))
            .CallAsync<HealthCheckResponse>(global::Grpc.Health.V1.Health.Descriptor.FindMethodByName("Check"), new HealthCheckRequest());
        return (live.StatusCode, ready.StatusCode, answer.Status);
    }

    private static DefaultHttpContext For(Endpoint endpoint)
    {
        var http = new DefaultHttpContext();
        http.SetEndpoint(endpoint);
        return http;
    }
}
