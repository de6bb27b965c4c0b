using System.Net;
using ClientFailover.Service.Telemetry;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Telemetry;

public sealed class OtlpTests
{
    [Test]
    public void Report_CollectorThatComesAndGoes_IsToldOfAtMostEachTenMinutes()
    {
        var time = new FakeTimeProvider();
        var state = new OtlpState("Logs", time);
        var told = new List<string?>();
        state.Changed += (_, problem) => told.Add(problem);

        state.Report(null);
        Assert.That(told, Is.Empty, "That it works from the start is no news.");
        foreach (var problem in new[] { "a", "b", null, "c", null, "d" })
        {
            state.Report(problem);
        }

        Assert.That(told, Is.EqualTo(new[] { "a", null }), "Once that it fails, once that it works; the next times not.");
        state.Report(null);
        time.Advance(OtlpState.Interval);
        state.Report("e");
        state.Report(null);

        Assert.That(told, Is.EqualTo(new[] { "a", null, "e", null }));
    }

    [TestCase(HttpStatusCode.OK, null, null, null)]
    [TestCase(HttpStatusCode.OK, "0", null, null)]
    [TestCase(HttpStatusCode.OK, "16", null, "it answers with gRPC status 16")]
    [TestCase(HttpStatusCode.OK, null, "0", null)]
    [TestCase(HttpStatusCode.OK, null, "14", "it answers with gRPC status 14")]
    [TestCase(HttpStatusCode.Unauthorized, null, null, "it answers with HTTP status 401")]
    public async Task SendAsync_AnswerOfTheCollector_SaysWhetherItWasTaken(HttpStatusCode status, string? header, string? trailer, string? expected)
    {
        var state = new OtlpState("Traces", new FakeTimeProvider());
        var (told, isTold) = ((string?)null, false);
        state.Report("before");
        state.Changed += (_, problem) => (told, isTold) = (problem, true);
        var response = new HttpResponseMessage(status) { Content = new StringContent("") };
        if (header is not null)
        {
            response.Headers.Add("grpc-status", header);
        }

        if (trailer is not null)
        {
            response.TrailingHeaders.Add("grpc-status", trailer);
        }

        using var client = new HttpMessageInvoker(new OtlpHandler(state, new Answering(() => response)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://collector/");
        await client.SendAsync(request, default);

        Assert.That(isTold, Is.EqualTo(expected is null), "It failed before: only that it works is news.");
        Assert.That(told, Is.Null);
    }

    [Test]
    public void SendAsync_NobodyThere_SaysSoAndFails()
    {
        var state = new OtlpState("Traces", new FakeTimeProvider());
        string? told = null;
        state.Changed += (_, problem) => told = problem;
        using var client = new HttpMessageInvoker(new OtlpHandler(state, new Answering(() => throw new HttpRequestException("refused"))));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://collector/");

        Assert.That(() => client.SendAsync(request, default), Throws.TypeOf<HttpRequestException>());
        Assert.That(() => client.Send(request, default), Throws.TypeOf<HttpRequestException>());

        Assert.That(told, Is.EqualTo("refused"));
    }

    [Test]
    public void Read_FileOfHeaders_GivesNamesAndValues()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("headers"), "Authorization: Bearer a:b=c\n\n  x-tenant :  plant 1 \r\n");

        Assert.That(OtlpHeaders.Read(directory.File("headers")), Is.EqualTo(new Dictionary<string, string>
        {
            ["Authorization"] = "Bearer a:b=c",
            ["x-tenant"] = "plant 1",
        }));
        Assert.That(OtlpHeaders.Read(""), Is.Empty);
    }

    [TestCase("planted-secret")]
    [TestCase(": planted-secret")]
    [TestCase("two words: planted-secret")]
    [TestCase("name:")]
    [TestCase("Content-Type: planted-secret")]
    public void Read_LineThatIsNoHeader_FailsWithoutItsContent(string line)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("headers"), $"a: b\n{line}\n");

        Assert.That(
            () => OtlpHeaders.Read(directory.File("headers")),
            Throws.TypeOf<FormatException>().With.Message.EqualTo("line 2 is no header, which is written Name: value."));
    }

    private sealed class Answering(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => answer();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}
