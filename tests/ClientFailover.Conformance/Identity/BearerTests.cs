using System.Net;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using Grpc.Core;
using Grpc.Net.Client.Web;
using NUnit.Framework;

namespace ClientFailover.Conformance.Identity;

/// <summary>Tokens of a real provider, over everything that the service speaks.</summary>
internal sealed class BearerTests : BearerService
{
    [Test]
    public async Task Token_OfAUser_IsTakenOverRestGrpcWebAndStream()
    {
        var token = await Provider.GetAsync(TokenProvider.User);
        using var caller = new Caller(Service, Header(token));
        using var web = Service.OpenGrpc(Header(token), http => new GrpcWebHandler(GrpcWebMode.GrpcWeb, http));
        var group = CallerActions.NewId();

        using var stream = await AdapterStream.JoinAsPrimaryAsync(caller, group, "a");
        using var rest = await caller.Rest.GetAsync($"groups/{group}");

        Assert.That(rest.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await caller.StatusAsync(group)).Primary, Is.EqualTo("a"));
        Assert.That(
            (await new V1.GroupService.GroupServiceClient(web).GetGroupStatusAsync(new V1.GetGroupStatusRequest { GroupId = group })).Primary,
            Is.EqualTo("a"));
    }

    [Test]
    public async Task Token_OfAUserOrAnAdministrator_MayWhatItsRoleMay()
    {
        using var user = await CallAsAsync(TokenProvider.User);
        using var administrator = await CallAsAsync(TokenProvider.Administrator);
        var group = CallerActions.NewId();
        await user.CreateGroupAsync(group);

        using var refused = await user.Rest.DeleteAsync(new Uri($"groups/{group}", UriKind.Relative));
        Refusals.Of(user.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { GroupId = group })).MustBe(StatusCode.PermissionDenied, "ROLE_MISSING");
        using var done = await administrator.Rest.DeleteAsync(new Uri($"groups/{group}", UriKind.Relative));

        Assert.That((refused.StatusCode, done.StatusCode), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.NoContent)));
    }

    [Test]
    public async Task Token_WithoutAMappedRole_IsForbiddenEverywhere()
    {
        using var caller = await CallAsAsync(TokenProvider.Nobody);

        using var rest = await caller.Rest.GetAsync("groups");
        using var stream = AdapterStream.Open(caller);

        Assert.That(rest.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Refusals.Of(caller.StatusAsync("g")).MustBe(StatusCode.PermissionDenied, "ROLE_MISSING");
        (await stream.EndAsync()).MustBe(StatusCode.PermissionDenied, "ROLE_MISSING");
    }

    [TestCase(ForgedToken.Garbage)]
    [TestCase(ForgedToken.OtherAudience)]
    [TestCase(ForgedToken.OtherIssuer)]
    [TestCase(ForgedToken.Expired)]
    [TestCase(ForgedToken.NotYetValid)]
    [TestCase(ForgedToken.WithoutExpiry)]
    [TestCase(ForgedToken.Unsigned)]
    [TestCase(ForgedToken.HmacWithThePublicKey)]
    [TestCase(ForgedToken.OwnKey)]
    [TestCase(ForgedToken.OwnKeyUnderTheRealName)]
    [TestCase(ForgedToken.OwnKeyInTheHeader)]
    [TestCase(ForgedToken.ChangedPayload)]
    [TestCase(ForgedToken.WithoutSubject)]
    public async Task Token_Forged_IsRefusedEverywhere(string how)
    {
        var token = ForgedToken.Make(how, Provider, await Provider.GetAsync(TokenProvider.Administrator));
        using var caller = new Caller(Service, Header(token));

        using var rest = await caller.Rest.GetAsync("groups");
        using var stream = AdapterStream.Open(caller);

        Assert.That(rest.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(
            rest.Headers.WwwAuthenticate.Select(h => h.ToString()),
            Is.EqualTo(new[] { "Basic realm=\"Client Failover\", charset=\"UTF-8\"", "Bearer realm=\"Client Failover\", error=\"invalid_token\"" }));
        Refusals.Of(caller.StatusAsync("g")).MustBe(StatusCode.Unauthenticated, "UNAUTHENTICATED");
        (await stream.EndAsync()).MustBe(StatusCode.Unauthenticated, "UNAUTHENTICATED");
    }

    [Test]
    public async Task Token_MadeLikeTheForgedOnesButRight_IsTaken()
    {
        using var caller = new Caller(Service, Header(ForgedToken.Make(ForgedToken.Nothing, Provider, "")));

        using var rest = await caller.Rest.GetAsync("groups");

        Assert.That(rest.StatusCode, Is.EqualTo(HttpStatusCode.OK), "What is refused above is refused for its one mistake.");
    }

    [Test]
    public async Task Request_NoCredentials_IsToldEveryScheme()
    {
        using var caller = new Caller(Service, null);

        using var rest = await caller.Rest.GetAsync("groups");

        Assert.That(rest.Headers.WwwAuthenticate.Select(h => h.Scheme), Is.EqualTo(new[] { "Basic", "Bearer" }));
        Assert.That(rest.Headers.WwwAuthenticate.Select(h => h.Parameter), Has.None.Contain("error"));
    }

    [Test]
    public async Task Password_BesideTokens_IsTaken()
    {
        using var caller = new Caller(Service);

        using var rest = await caller.Rest.GetAsync("groups");

        Assert.That(rest.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Log_AfterAllThat_HasNoToken()
    {
        var token = await Provider.GetAsync(TokenProvider.Nobody);
        using var caller = new Caller(Service, Header(token + "x"));
        using var rest = await caller.Rest.GetAsync("groups");

        Assert.That(Service.Output, Does.Not.Contain(token[..40]).And.Not.Contain(TokenProvider.Secret));
    }
}
