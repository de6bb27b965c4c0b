using ClientFailover.Client.Connection;
using ClientFailover.Client.Connection.Credentials;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>What is said of connections that others can read.</summary>
[TestFixture]
public sealed class HttpConnectionsTests
{
    [TestCase("http://failover.example/api", null, 1)]
    [TestCase("https://failover.example/api", "http://tokens.example/token", 1)]
    [TestCase("https://failover.example/api", "https://tokens.example/token", 0)]
    [TestCase("http://localhost:5590/api", null, 0)]
    public void CreateHandler_Credentials_WarnsOnceOfClearText(string endpoint, string? tokens, int warnings)
    {
        var log = new RecordingLog();
        var http = New(endpoint, tokens, log);
        http.Credential = new BasicCredential("u", "planted-secret");

        for (var i = 0; i < 2; i++)
        {
            http.CreateHandler(new Endpoint(new Uri(endpoint)), TimeSpan.FromMinutes(1)).Dispose();
        }

        Assert.That(log.Count(7002), Is.EqualTo(warnings));
        Assert.That(log.Text, Does.Not.Contain("planted"));
    }

    [Test]
    public void CreateHandler_NoCredentials_NothingToWarnOf()
    {
        var log = new RecordingLog();

        New("http://failover.example/", null, log).CreateHandler(new Endpoint(new Uri("http://failover.example/")), TimeSpan.FromMinutes(1)).Dispose();

        Assert.That(log.Count(7002), Is.Zero);
    }

    private static HttpConnections New(string endpoint, string? tokens, RecordingLog log)
    {
        var options = new FailoverOptions { Endpoint = new Uri(endpoint), TokenEndpoint = tokens is null ? null : new Uri(tokens) };
        return new HttpConnections(options, new ServerTrust(options, TimeProvider.System, log), log);
    }
}
