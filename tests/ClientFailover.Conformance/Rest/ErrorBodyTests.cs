using System.Text;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

/// <summary>Every failure under the base has the documented body, whoever decides it.</summary>
internal sealed class ErrorBodyTests : RestTests
{
    private const int Limit = 192 * 1024;

    [TestCase("GET", "")]
    [TestCase("GET", "groups")]
    [TestCase("POST", "groups")]
    [TestCase("DELETE", "groups/g")]
    [TestCase("GET", "nowhere")]
    public async Task AnyRoute_WithoutCredentials_Is401WithAChallenge(string method, string route)
    {
        using var nobody = new RestClient(SharedService.Instance, credentials: null);

        var reply = await nobody.SendAsync(new HttpMethod(method), route);

        reply.IsError(
            401,
            "UNAUTHENTICATED",
            "The request was not authenticated.",
            "It has no credentials, or they are not valid.",
            "Send valid credentials; the WWW-Authenticate header names the schemes.");
        Assert.That(reply.Header("WWW-Authenticate"), Does.StartWith("Basic "));
    }

    [TestCase("DELETE", "groups/g")]
    [TestCase("POST", "groups/g/clientsessions/s/roleoverride")]
    public async Task AdministratorsRoute_AsAUser_Is403(string method, string route)
    {
        using var body = method == "POST" ? RestClient.Json("""{"Value":1}""") : null;

        (await User.SendAsync(new HttpMethod(method), route, body)).IsError(
            403,
            "ROLE_MISSING",
            "The request was refused.",
            "The caller is not in the role that this call requires.",
            "Use an account in the required role, or ask an administrator for the role.");
    }

    [TestCase("/api/v1/tenants/other/namespaces/default/clientfailover/groups")]
    [TestCase("/api/v1/tenants/default/namespaces/other/clientfailover/groups/g")]
    [TestCase("/api/v1/tenants/other/namespaces/other/clientfailover")]
    [TestCase("/api/v1/tenants/other/namespaces/default/clientfailover/groups?count=0")]
    public async Task AnyRoute_OfAnotherNamespace_Is403(string path) => (await Administrator.GetAsync(path)).IsError(
        403,
        "NAMESPACE_DENIED",
        "Access to the namespace was denied.",
        "The tenant or the namespace does not exist, or the caller has no access to it.",
        "Correct the tenant and namespace ids, or ask an administrator for access.");

    [Test]
    public async Task CreateGroup_OfAnotherNamespaceWithABadBody_Is403() =>
        Assert.That(
            (int)(await User.PostAsync("/api/v1/tenants/other/namespaces/default/clientfailover/groups", "{")).Status,
            Is.EqualTo(403));

    [TestCase("?tenant_id=other")]
    [TestCase("?tenantId=other&namespaceId=other")]
    [TestCase("?TENANT_ID=other")]
    public async Task Namespace_InTheQuery_IsIgnored(string query)
    {
        var group = await CreateGroupAsync();

        (await User.GetAsync($"groups/{group}{query}")).MustBe(200, $$"""{"Id":"{{group}}","FailoverTimeout":"00:01:00"}""");
    }

    [Test]
    public async Task Namespace_InTheBody_IsIgnored()
    {
        var id = CallerActions.NewId();
        (await User.PostAsync("groups", $$"""{"Id":"{{id}}","TenantId":"other","tenant_id":"other"}"""))
            .MustBe(201, $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00"}""");
    }

    [TestCase("/api/v1/nowhere")]
    [TestCase("/api/v1/clientfailover/nowhere")]
    [TestCase("/API/v1/clientfailover/groups/g/nowhere/")]
    public async Task UnknownRoute_UnderTheBase_Is404(string path) => (await User.GetAsync(path)).IsError(
        404,
        "ROUTE_NOT_FOUND",
        "The request was refused.",
        "The service has no such route.",
        "Correct the path; the documentation lists all routes.");

    [TestCase("PUT", "groups")]
    [TestCase("DELETE", "groups")]
    [TestCase("PATCH", "groups/g")]
    [TestCase("GET", "groups/g/clientsessions/s/heartbeat")]
    public async Task WrongMethod_OfARoute_Is405(string method, string route)
    {
        var reply = await Administrator.SendAsync(new HttpMethod(method), route);

        reply.IsError(
            405,
            "METHOD_NOT_ALLOWED",
            "The request was refused.",
            "The route does not support this HTTP method.",
            "Use a method that the Allow header names.");
        Assert.That(reply.Message.Content.Headers.Allow, Is.Not.Empty);
    }

    [TestCase(null)]
    [TestCase("text/plain")]
    [TestCase("application/xml")]
    [TestCase("application/json; charset=utf-16")]
    [TestCase("application/json; charset=nonsense")]
    public async Task Body_OfAnotherMediaType_Is415(string? type)
    {
        using var body = new ByteArrayContent("""{"Id":"x"}"""u8.ToArray());
        if (type is not null)
        {
            body.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        (await User.SendAsync(HttpMethod.Post, "groups", body)).IsError(
            415,
            "MEDIA_TYPE_UNSUPPORTED",
            "The request was refused.",
            "Its body is not declared as application/json in UTF-8.",
            "Send JSON, with the header Content-Type: application/json.");
    }

    [TestCase("application/json")]
    [TestCase("Application/JSON; charset=UTF-8")]
    [TestCase("application/json;charset=\"utf-8\"")]
    public async Task Body_DeclaredAsJson_IsRead(string type)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"Id":"{{CallerActions.NewId()}}"}"""));
        body.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.That((int)(await User.SendAsync(HttpMethod.Post, "groups", body)).Status, Is.EqualTo(201));
    }

    [Test]
    public async Task ContentType_OfACallWithoutBody_IsIgnored()
    {
        using var nothing = new ByteArrayContent([]);
        nothing.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=nonsense");

        (await User.SendAsync(HttpMethod.Get, "", nothing)).MustBe(200, """{"Version":"0.1.0"}""");
    }

    [TestCase(Limit + 1, false, "1.1")]
    [TestCase(Limit + 1, true, "1.1")]
    [TestCase(1024 * 1024, false, "1.1")]
    [TestCase(1024 * 1024, true, "1.1")]
    [TestCase(Limit + 1, false, "2.0")]
    [TestCase(Limit + 1, true, "2.0")]
    [TestCase(1024 * 1024, true, "2.0")]
    public async Task Body_ThatIsTooLarge_Is413(int length, bool chunked, string version)
    {
        using var body = Padded(length, chunked);

        (await User.SendAsync(HttpMethod.Post, "groups", body, Version.Parse(version))).IsError(
            413,
            "BODY_TOO_LARGE",
            "The request was refused.",
            "Its body is larger than the service accepts, 192 KiB unless it is set up otherwise.",
            "Send a smaller body.");
    }

    [TestCase(false, "1.1")]
    [TestCase(true, "1.1")]
    [TestCase(true, "2.0")]
    public async Task Body_OfTheGreatestLength_IsRead(bool chunked, string version)
    {
        using var body = Padded(Limit, chunked);

        Assert.That((int)(await User.SendAsync(HttpMethod.Post, "groups", body, Version.Parse(version))).Status, Is.EqualTo(201));
    }

    [TestCase("", "The body is empty; it must be a JSON object.")]
    [TestCase("{", "The body is not well-formed JSON: line 1, byte 2.")]
    [TestCase("{}}", "The body is not well-formed JSON: line 1, byte 3.")]
    [TestCase("{\n \"Id\":\"a\",}", "The body is not well-formed JSON: line 2, byte 11.")]
    [TestCase("null", "The body is null; it must be a JSON object.")]
    [TestCase("[]", "The body is an array; it must be a JSON object.")]
    [TestCase("\"text\"", "The body is a text; it must be a JSON object.")]
    [TestCase("{\"Id\":\"a\",\"id\":\"b\"}", "The body names the member Id twice.")]
    [TestCase("{\"Id\":\"a\",\"Id\":\"a\"}", "The body names the member Id twice.")]
    [TestCase("{\"Id\":\"a\",\"\\u0049d\":\"a\"}", "The body names the member Id twice.")]
    public async Task Body_ThatIsNoJsonObject_Is400AndSaysWhy(string body, string reason) => (await User.PostAsync("groups", body)).IsUnreadable(reason);

    [TestCase(63, true)]
    [TestCase(64, false)]
    public async Task Body_NestedInAnUnknownMember_IsReadToADepth(int depth, bool isRead)
    {
        var reply = await User.PostAsync("groups", $$"""{"Id":"{{CallerActions.NewId()}}","Unknown":{{new string('[', depth)}}{{new string(']', depth)}}}""");

        if (isRead)
        {
            Assert.That((int)reply.Status, Is.EqualTo(201), reply.Body);
        }
        else
        {
            reply.IsUnreadable("The body is nested deeper than 64 levels.");
        }
    }

    [Test]
    public async Task Body_WithAByteOrderMark_IsRead() =>
        Assert.That((int)(await User.PostAsync("groups", $"\uFEFF{{\"Id\":\"{CallerActions.NewId()}\"}}")).Status, Is.EqualTo(201));

    [Test]
    public async Task Body_Compressed_Is415()
    {
        using var body = RestClient.Json("{}");
        body.Headers.ContentEncoding.Add("gzip");

        var reply = await User.SendAsync(HttpMethod.Post, "groups", body);

        reply.IsError(
            415,
            "CONTENT_ENCODING_UNSUPPORTED",
            "The request was refused.",
            "Its body is sent with a Content-Encoding, and the service takes none.",
            "Send the body as it is, without the header Content-Encoding.");
        Assert.That(reply.Header("Accept-Encoding"), Is.EqualTo("identity"));
    }

    private static StreamContent Padded(int length, bool chunked)
    {
        var start = $$"""{"Id":"{{CallerActions.NewId()}}","Padding":" """;
        var bytes = Encoding.UTF8.GetBytes(start + new string('x', length - start.Length - 2) + "\"}");
        Assert.That(bytes, Has.Length.EqualTo(length));
        var content = new StreamContent(chunked ? new Unseekable(bytes) : new MemoryStream(bytes));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return content;
    }

    /// <summary>A stream that does not tell its length, so that it is sent without one.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
