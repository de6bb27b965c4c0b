using System.IO.Compression;
using System.Net;
using System.Text.Json;
using ClientFailover.Client;
using ClientFailover.Samples.Omf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Samples.Tests.Omf;

/// <summary>What the egress makes of answers that a real destination gives seldom.</summary>
[TestFixture]
internal sealed class OmfAnswerTests
{
    [Test]
    public async Task Send_OneValueRefused_OnlyThatOneRejected()
    {
        var taken = 0;
        await using var endpoint = await ScriptedEndpoint.StartAsync(async (http, _) =>
        {
            var text = await ReadAsync(http.Request);
            var refuse = text.Contains("\"Sequence\":5}", StringComparison.Ordinal);
            http.Response.StatusCode = refuse ? 400 : 204;
            taken += refuse ? 0 : text.Split("Timestamp").Length - 1;
        });
        using var egress = Create(endpoint);

        Assert.That(
            async () => await egress.SendAsync(Batch.Of("a", Enumerable.Range(1, 8)), Batch.Context, CancellationToken.None),
            Throws.TypeOf<DataRejectedException>().With.Message.StartsWith("1 of 8"));
        Assert.That(taken, Is.EqualTo(7));
    }

    [TestCase(400)]
    [TestCase(409)]
    public async Task Send_ContainerRefused_ItsValuesRejectedAndTheOthersArrive(int status)
    {
        var taken = new List<string>();
        var containerMessages = 0;
        await using var endpoint = await ScriptedEndpoint.StartAsync(
            async (http, _) => taken.AddRange(from container in (await JsonDocument.ParseAsync(http.Request.Body)).RootElement.EnumerateArray()
                                              from value in container.GetProperty("values").EnumerateArray()
                                              select $"{container.GetProperty("containerid")}{value.GetProperty("Sequence")}"),
            async http =>
            {
                containerMessages++;
                http.Response.StatusCode = (await ReadAsync(http.Request)).Contains("\"b\"", StringComparison.Ordinal) ? status : 201;
            });
        var log = new RecordingLogger<OmfEgress>();
        using var egress = Create(endpoint, log);

        foreach (var sequence in new[] { 1, 2 })
        {
            List<DataItem> batch = [Batch.Item("a", sequence), Batch.Item("b", sequence), Batch.Item("c", sequence)];
            Assert.That(
                async () => await egress.SendAsync(batch, Batch.Context, CancellationToken.None),
                Throws.TypeOf<DataRejectedException>().With.Property(nameof(DataRejectedException.Rejected)).EqualTo(1));
        }

        Assert.That(taken, Is.EqualTo(new[] { "a1", "c1", "a2", "c2" }));
        Assert.That(containerMessages, Is.EqualTo(5), "a b c; a; b c; b; c");
        Assert.That(log.Count(1), Is.EqualTo(1));
    }

    [Test]
    public async Task Send_ContainerIsTakenLater_ItsValuesArrive()
    {
        var isMended = false;
        await using var endpoint = await ScriptedEndpoint.StartAsync(
            (_, _) => Task.CompletedTask,
            async http => http.Response.StatusCode = !isMended && (await ReadAsync(http.Request)).Contains("\"b\"", StringComparison.Ordinal) ? 400 : 201);
        var time = new FakeTimeProvider();
        using var egress = Create(endpoint, time: time);
        List<DataItem> batch = [Batch.Item("a", 1), Batch.Item("b", 1)];
        Assert.That(async () => await egress.SendAsync(batch, Batch.Context, CancellationToken.None), Throws.TypeOf<DataRejectedException>());

        isMended = true;
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(async () => await egress.SendAsync(batch, Batch.Context, CancellationToken.None), Throws.Nothing);
    }

    [Test]
    public async Task Send_EveryContainerRefused_ThrownForAnotherAttempt()
    {
        await using var endpoint = await ScriptedEndpoint.StartAsync(
            (_, _) => Task.CompletedTask,
            http =>
            {
                http.Response.StatusCode = 400;
                return Task.CompletedTask;
            });
        using var egress = Create(endpoint);

        Assert.That(
            async () => await egress.SendAsync([Batch.Item("a", 1), Batch.Item("b", 1)], Batch.Context, CancellationToken.None),
            Throws.TypeOf<HttpRequestException>(),
            "The fault is the endpoint's: nothing is given up.");
        Assert.That(endpoint.DataMessages, Is.Zero);
    }

    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(500)]
    [TestCase(502)]
    public async Task Send_AnswerThatMayChange_ThrownForAnotherAttempt(int status)
    {
        await using var endpoint = await ScriptedEndpoint.StartAsync((http, _) => Answer(http, status));
        using var egress = Create(endpoint);

        Assert.That(
            async () => await egress.SendAsync(Batch.Of("a", 1), Batch.Context, CancellationToken.None),
            Throws.TypeOf<HttpRequestException>().With.Property(nameof(HttpRequestException.StatusCode)).EqualTo((HttpStatusCode)status));
        Assert.That(endpoint.DataMessages, Is.EqualTo(status == 404 ? 2 : 1), "After 404 it is tried once more, with containers created again.");
    }

    [TestCase(302)]
    [TestCase(307)]
    public async Task Send_Redirected_ThrownForAnotherAttempt(int status)
    {
        var endpointsOwn = "";
        await using var endpoint = await ScriptedEndpoint.StartAsync((http, _) =>
        {
            // What a portal does: whoever follows gets a page, and a good status.
            if (http.Request.Path != endpointsOwn)
            {
                return http.Response.WriteAsync("<html>Sign in</html>");
            }

            http.Response.Headers.Location = "/login";
            return Answer(http, status);
        });
        endpointsOwn = endpoint.Address.AbsolutePath;
        using var egress = Create(endpoint);

        Assert.That(
            async () => await egress.SendAsync(Batch.Of("a", 1), Batch.Context, CancellationToken.None),
            Throws.TypeOf<HttpRequestException>().With.Property(nameof(HttpRequestException.StatusCode)).EqualTo((HttpStatusCode)status));
        Assert.That(endpoint.DataMessages, Is.EqualTo(1));
    }

    [TestCase(429)]
    [TestCase(503)]
    public async Task Send_RetryAfter_Waited(int status)
    {
        await using var endpoint = await ScriptedEndpoint.StartAsync((http, _) =>
        {
            http.Response.Headers.RetryAfter = "3600";
            return Answer(http, status);
        });
        using var egress = Create(endpoint);
        using var cancellation = new CancellationTokenSource();

        var sending = egress.SendAsync(Batch.Of("a", 1), Batch.Context, cancellation.Token);
        await Patience.UntilAsync(() => endpoint.DataMessages == 1, "It was asked.");
        Assert.That(sending.IsCompleted, Is.False);
        await cancellation.CancelAsync();
        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Send_GoodStatusWithBadPart_TakenForWhatThePartSays()
    {
        await using var endpoint = await ScriptedEndpoint.StartAsync((http, _) =>
            http.Response.WriteAsync("""{ "OperationId": "1", "Messages": [{ "Status": { "Code": 202 } }, { "Status": { "Code": 500 } }] }"""));
        using var egress = Create(endpoint);

        Assert.That(
            async () => await egress.SendAsync(Batch.Of("a", 1), Batch.Context, CancellationToken.None),
            Throws.TypeOf<HttpRequestException>().With.Property(nameof(HttpRequestException.StatusCode)).EqualTo(HttpStatusCode.InternalServerError));
    }

    [Test]
    public async Task Send_Message_HasTheHeadersOfOmf()
    {
        await using var endpoint = await ScriptedEndpoint.StartAsync((http, _) => Answer(http, 204));
        using var egress = new OmfEgress(new OmfOptions { Endpoint = endpoint.Address, UserName = "u", Password = "p" }, TimeProvider.System, NullLogger<OmfEgress>.Instance);

        await egress.SendAsync(Batch.Of("a", Enumerable.Range(1, 100)), Batch.Context, CancellationToken.None);

        Assert.That(endpoint.Headers, Is.SupersetOf(new Dictionary<string, string>
        {
            ["messagetype"] = "data",
            ["messageformat"] = "json",
            ["omfversion"] = "1.2",
            ["action"] = "create",
            ["compression"] = "gzip",
            ["Authorization"] = "Basic dTpw",
            ["X-Requested-With"] = "XMLHttpRequest",
        }));
    }

    private static OmfEgress Create(ScriptedEndpoint endpoint, ILogger<OmfEgress>? log = null, TimeProvider? time = null) =>
        new(new OmfOptions { Endpoint = endpoint.Address }, time ?? TimeProvider.System, log ?? NullLogger<OmfEgress>.Instance);

    private static Task Answer(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static async Task<string> ReadAsync(HttpRequest request)
    {
        var compressed = request.Headers["compression"] == "gzip";
        using var reader = new StreamReader(compressed ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body);
        return await reader.ReadToEndAsync();
    }
}
