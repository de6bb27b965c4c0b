using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

public class CallerHandlerTests
{
    private static readonly Marshaller<string> Text = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);
    private static readonly Method<string, string> Call = new(MethodType.Unary, "test", "administrators", Text, Text);

    private TemporaryDirectory _directory = null!;
    private DataDirectory _data = null!;
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _directory = new TemporaryDirectory();
        _data = DataDirectory.Open(_directory.Path);
        var hasher = TestHasher.Create();
        UserFile.Write(
            _data.File(UserFile.Name),
            [
                new UserAccount("adapter", hasher.HashPassword(null!, "a"), Roles.Users),
                new UserAccount("admin", hasher.HashPassword(null!, "b"), Roles.Administrators),
            ]);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging();
        builder.Services.AddFailoverHealth();
        builder.Services.AddSingleton(_data);
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider());
        builder.Services.AddSingleton(new ServiceOptions());
        builder.Services.AddFailoverIdentity();
        builder.Services.AddSingleton(hasher);
        _app = builder.Build();
        _app.UseFailoverIdentity();
        _app.MapFailoverHealth();
        _app.MapGet("/unmarked", (HttpContext context) => context.User.Identity!.Name);
        _app.MapGet("/administrators", () => "ok").RequireAuthorization(Policies.Administrators);
        _app.MapPost("/test/administrators", () => "ok").RequireAuthorization(Policies.Administrators);
        await _app.StartAsync();
        _client = _app.GetTestClient();
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _data.Dispose();
        _directory.Dispose();
    }

    [TestCase("/healthz/live", null, 200)]
    [TestCase("/healthz/ready", null, 401)]
    [TestCase("/healthz/ready", "adapter:a", 200)]
    [TestCase("/unmarked", null, 401)]
    [TestCase("/unmarked", "adapter:a", 200)]
    [TestCase("/unmarked", "admin:b", 200)]
    [TestCase("/unmarked", "PLANT\\adapter:a", 200)]
    [TestCase("/unmarked", "adapter:b", 401)]
    [TestCase("/unmarked", "nobody:a", 401)]
    [TestCase("/administrators", "adapter:a", 403)]
    [TestCase("/administrators", "admin:b", 200)]
    [TestCase("/nowhere", null, 401)]
    [TestCase("/nowhere", "adapter:a", 404)]
    public async Task Request_RouteAndCredentials_HasItsStatus(string path, string? credentials, int status)
    {
        using var response = await GetAsync(path, credentials);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(
            response.Headers.WwwAuthenticate.Select(h => h.ToString()),
            Is.EqualTo(status == 401 ? ["Basic realm=\"Client Failover\", charset=\"UTF-8\""] : Array.Empty<string>()));
    }

    [Test]
    public async Task Request_UnknownNameAndWrongPassword_AreAnsweredAlike()
    {
        using var wrong = await GetAsync("/unmarked", "adapter:x");
        using var unknown = await GetAsync("/unmarked", "nobody:x");

        Assert.That(unknown.ToString(), Is.EqualTo(wrong.ToString()));
        Assert.That(await unknown.Content.ReadAsStringAsync(), Is.EqualTo(await wrong.Content.ReadAsStringAsync()));
    }

    [Test]
    public async Task Request_TwoAuthorizationHeadersOrAnotherScheme_IsNotAuthenticated()
    {
        var twice = await _app.GetTestServer().SendAsync(c =>
        {
            c.Request.Path = "/unmarked";
            c.Request.Headers.Authorization = new[] { Header("adapter:a").ToString(), Header("adapter:a").ToString() };
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/unmarked") { Headers = { Authorization = new("Bearer", "x") } };
        using var bearer = await _client.SendAsync(request);

        Assert.That((twice.Response.StatusCode, bearer.StatusCode), Is.EqualTo((401, HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task Request_TooManyFailures_TellsWhenToComeBack()
    {
        for (var i = 0; i < FailedLogonLimiter.PerNameAndAddress; i++)
        {
            using var failed = await GetAsync("/unmarked", "adapter:x");
            Assert.That(failed.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        }

        using var limited = await GetAsync("/unmarked", "adapter:x");

        Assert.That(limited.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(limited.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(40)));
        Assert.That(limited.Headers.WwwAuthenticate, Is.Empty);
    }

    [TestCase(null, StatusCode.Unauthenticated)]
    [TestCase("adapter:x", StatusCode.Unauthenticated)]
    [TestCase("adapter:a", StatusCode.PermissionDenied)]
    public void GrpcCall_NotAllowed_HasItsStatusCode(string? credentials, StatusCode expected)
    {
        using var channel = GrpcChannel.ForAddress("http://localhost", new() { HttpHandler = _app.GetTestServer().CreateHandler() });
        var headers = new Metadata();
        if (credentials is not null)
        {
            headers.Add("authorization", Header(credentials).ToString());
        }

        var failure = Assert.ThrowsAsync<RpcException>(async () =>
            await channel.CreateCallInvoker().AsyncUnaryCall(Call, null, new CallOptions(headers), "x"))!;

        Assert.That(failure.StatusCode, Is.EqualTo(expected));
    }

    private static AuthenticationHeaderValue Header(string credentials) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));

    private async Task<HttpResponseMessage> GetAsync(string path, string? credentials)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = credentials is null ? null : Header(credentials);
        return await _client.SendAsync(request);
    }
}
