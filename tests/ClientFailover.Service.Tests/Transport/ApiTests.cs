using System.Text;
using ClientFailover.Service.Identity;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport;

/// <summary>Tests of the whole pipeline: one service for the fixture, each test with groups of its own.</summary>
public abstract class ApiTests
{
    private int _groups;

    private protected ApiHost Host { get; private set; } = null!;

    private protected HttpClient Admin { get; private set; } = null!;

    private protected HttpClient User { get; private set; } = null!;

    private protected virtual string[] Settings => [];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Host = await ApiHost.StartAsync(Settings);
        Admin = Host.Rest(TestScheme.Header(TestCallers.Administrator));
        User = Host.Rest(TestScheme.Header(TestCallers.Adapter));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }
    }

    private protected static async Task<(int Status, string Body)> SendAsync(HttpClient client, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Makes a call that must succeed.</summary>
    private protected static async Task<string> MustAsync(HttpClient client, string method, string path, string? body = null)
    {
        var (status, text) = await SendAsync(client, method, path, body);
        Assert.That(status, Is.InRange(200, 204), text);
        return text;
    }

    /// <summary>The stable reason in an error body.</summary>
    private protected static string CodeOf(string body) =>
        System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("AdditionalParameters").GetProperty("Code").GetString()!;

    /// <summary>The stable reason of a refused call.</summary>
    private protected static string CodeOf(RpcException refusal) => refusal.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason;

    /// <summary>Creates a group.</summary>
    private protected async Task<string> CreateGroupAsync(string path = "/api/v1/clientfailover/groups")
    {
        var id = $"{GetType().Name}-{Interlocked.Increment(ref _groups)}";
        await MustAsync(Admin, "POST", path, $$"""{"Id":"{{id}}","FailoverTimeout":"00:10:00"}""");
        return id;
    }

    private protected static V1.AdapterMessage Hello(string group, string session, string tenant = "", string @namespace = "") => new()
    {
        Hello = new V1.Hello
        {
            TenantId = tenant,
            NamespaceId = @namespace,
            Group = new V1.GroupConfiguration { Id = group, FailoverTimeout = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)) },
            SessionId = session,
        },
    };

    private protected static async Task<T> ReadAsync<T>(IAsyncStreamReader<byte[]> stream)
        where T : IMessage<T>, new()
    {
        Assert.That(await stream.MoveNext(default).WaitAsync(ApiHost.Patience), Is.True, "The stream has ended.");
        return new MessageParser<T>(() => new T()).ParseFrom(stream.Current);
    }

    /// <summary>Reads on until the stream is ended with a refusal.</summary>
    private protected static async Task<RpcException> EndAsync(IAsyncStreamReader<byte[]> stream)
    {
        try
        {
            while (await stream.MoveNext(default).WaitAsync(ApiHost.Patience))
            {
            }
        }
        catch (RpcException e)
        {
            return e;
        }

        throw new AssertionException("The stream ended without a reason.");
    }

    private protected RawGrpc GrpcOf(Caller caller) => Host.Grpc(TestScheme.Header(caller));
}
