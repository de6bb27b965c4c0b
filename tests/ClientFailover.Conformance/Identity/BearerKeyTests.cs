using System.Net;
using ClientFailover.Conformance.Running;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Identity;

/// <summary>The keys of the provider change while the service runs.</summary>
internal sealed class BearerKeyTests : BearerService
{
    [Test]
    public async Task Provider_SignsWithANewKey_ItsFirstTokenIsTaken()
    {
        var old = Provider.Key;
        using var before = await CallAsAsync(TokenProvider.User);
        Assert.That(await StatusAsync(before), Is.EqualTo(HttpStatusCode.OK));

        Provider.Rotate();
        using var after = await CallAsAsync(TokenProvider.User);

        Assert.That(await StatusAsync(after), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Provider.Key.KeyId, Is.Not.EqualTo(old.KeyId));
    }

    [Test]
    public async Task Provider_NotThere_TokensAreTriedLaterAndPasswordsTaken()
    {
        using var folder = DataFolder.Create();
        await using var service = await RunningService.StartAsync(
            folder.Path,
            "--AuthenticationSchemes", "Basic,Bearer", "--BearerAudience", "a", "--BearerAuthority", "http://127.0.0.1:1", "--BearerRequireHttps", "false");
        using var token = new Caller(service, Header("x.y.z"));
        using var password = new Caller(service);

        using var response = await token.Rest.GetAsync("groups");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(Refusals.Of(token.StatusAsync("g")).StatusCode, Is.EqualTo(StatusCode.Unavailable));
        Assert.That(await StatusAsync(password), Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task<HttpStatusCode> StatusAsync(Caller caller)
    {
        using var response = await caller.Rest.GetAsync("groups");
        return response.StatusCode;
    }
}
