using System.Text;
using System.Text.RegularExpressions;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Tests.Transport;
using ClientFailover.Service.Transport.Authorization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Routing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Tenants;

/// <summary>
/// A tenant neither sees nor affects another, in both directions: its callers are told the same, byte for byte, of what is
/// another's as of what does not exist.
/// </summary>
public sealed partial class IsolationTests : ApiTests
{
    private const string Space = "plant";
    private const string SameGroup = "Shared";

    private static readonly string[] Tenants = ["acme", "umbrella"];

    private static readonly string?[] NoBody = [null];
    private static readonly string?[] Bodies = ["{}", "{", """{"Id":"Shared","FailoverTimeout":"00:00:01"}"""];

    private static readonly ServiceDescriptor[] Services =
    [
        V1.VersionService.Descriptor,
        V1.GroupService.Descriptor,
        V1.SessionService.Descriptor,
        V1.EventService.Descriptor,
        V1.AccessControlService.Descriptor,
    ];

    public static IEnumerable<object[]> Directions =>
        from caller in new[] { "acme", "umbrella", "default" }
        from role in Roles.All
        from other in Tenants.Append("default")
        where other != caller && !(caller == "default" && role == Roles.Administrators)
        select new object[] { caller, role, other };

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        foreach (var tenant in Tenants)
        {
            await TenantsTests.CreateAsync(Admin, tenant, Space);
            await FillAsync(tenant, SameGroup);
            await FillAsync(tenant, Secret(tenant));
        }
    }

    [TestCaseSource(nameof(Directions))]
    public async Task EveryRestRoute_OfAnothersIds_AnswersAsOfIdsThatDoNotExist(string caller, string role, string other)
    {
        var client = Host.Rest(TestScheme.Header(CallerOf(caller, role)));
        var isChecked = 0;
        foreach (var endpoint in Host.Endpoints.Where(e => e.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null))
        {
            var pattern = endpoint.RoutePattern.RawText!;
            if (!pattern.Contains("{tenant_id}", StringComparison.Ordinal))
            {
                continue;
            }

            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();
            foreach (var query in new[] { "", "?count=0", "?after=x&group=" })
            {
                foreach (var body in method is "POST" or "PUT" ? Bodies : NoBody)
                {
                    var theirs = await AnswerAsync(client, method, Fill(pattern, other, other == "default" ? "default" : Space) + query, body);
                    var nobodys = await AnswerAsync(client, method, Fill(pattern, "nowhere", "nothing") + query, body);
                    var nothing = await AnswerAsync(client, method, Fill(pattern, other, "nothing") + query, body);
                    Assert.That(theirs, Is.EqualTo(nobodys), $"{method} {pattern}{query} {body}");
                    Assert.That(theirs, Is.EqualTo(nothing), $"{method} {pattern}{query} {body}");
                    Assert.That(theirs, Does.StartWith("403 "), pattern);
                    isChecked++;
                }
            }
        }

        Assert.That(isChecked, Is.GreaterThan(60));
    }

    [TestCaseSource(nameof(Directions))]
    public async Task EveryGrpcMethod_OfAnothersIds_AnswersAsOfIdsThatDoNotExist(string caller, string role, string other)
    {
        var grpc = GrpcOf(CallerOf(caller, role));
        foreach (var endpoint in Host.Endpoints.Where(e =>
            e.Metadata.GetMetadata<Operation>() is { On: not AccessTarget.Service } && e.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is null))
        {
            var method = endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()!.Method;
            var theirs = await AnswerAsync(grpc, method, other, other == "default" ? "default" : Space);
            var nobodys = await AnswerAsync(grpc, method, "nowhere", "nothing");
            var nothing = await AnswerAsync(grpc, method, other, "nothing");
            Assert.That((theirs, theirs), Is.EqualTo((nobodys, nothing)), method.FullName);
            Assert.That(theirs, Does.StartWith("PermissionDenied "), method.FullName);
        }
    }

    [TestCase("acme", "umbrella")]
    [TestCase("umbrella", "acme")]
    public async Task OwnNamespace_IdsThatOnlyTheOtherHas_AreUnknown(string own, string other)
    {
        var client = Host.Rest(TestScheme.Header(CallerOf(own, Roles.Administrators)));
        foreach (var endpoint in Host.Endpoints.Where(e => e.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null))
        {
            var pattern = endpoint.RoutePattern.RawText!;
            if (!pattern.Contains("{group_id}", StringComparison.Ordinal) || !pattern.Contains("{tenant_id}", StringComparison.Ordinal))
            {
                continue;
            }

            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();
            var body = pattern switch
            {
                _ when method is not ("POST" or "PUT") => null,
                _ when pattern.EndsWith("heartbeat", StringComparison.Ordinal) => """{"FailoverScore":1}""",
                _ when pattern.EndsWith("roleoverride", StringComparison.Ordinal) => """{"Value":1}""",
                _ when pattern.EndsWith("accesscontrol", StringComparison.Ordinal) =>
                    """{"RoleTrusteeAccessControlEntries":[{"Trustee":{"Type":1,"ObjectId":"x"},"AccessRights":1}]}""",
                _ => "{}",
            };
            var theirs = await AnswerAsync(client, method, Fill(pattern, own, Space, Secret(other)), body);
            var nobodys = await AnswerAsync(client, method, Fill(pattern, own, Space, "nobodys"), body);

            Assert.That(theirs.Replace(Secret(other), "nobodys", StringComparison.Ordinal), Is.EqualTo(nobodys), pattern);
            Assert.That(theirs, Does.StartWith("404 "), pattern);
        }
    }

    [Test]
    public async Task SameIds_InBoth_AreIndependent()
    {
        var acme = Host.Rest(TestScheme.Header(CallerOf("acme", Roles.Administrators)));
        var umbrella = Host.Rest(TestScheme.Header(CallerOf("umbrella", Roles.Administrators)));
        var (here, there) = (Groups("acme") + "/" + SameGroup, Groups("umbrella") + "/" + SameGroup);
        var before = await MustAsync(umbrella, "GET", there + "/clientsessions");
        var list = await MustAsync(umbrella, "GET", there + "/accesscontrol");
        var history = await MustAsync(umbrella, "GET", there + "/events");

        await MustAsync(acme, "POST", here + "/clientsessions/s/roleoverride", """{"Value":2}""");
        await MustAsync(acme, "PUT", here + "/accesscontrol", """{"RoleTrusteeAccessControlEntries":[{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverAdministrators"},"AccessRights":31}]}""");
        await MustAsync(acme, "PUT", "/api/v1/tenants/acme/namespaces/plant/accesscontrol/clientfailover/groups", """{"RoleTrusteeAccessControlEntries":[{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverAdministrators"},"AccessRights":31}]}""");
        await MustAsync(acme, "DELETE", here + "/clientsessions/s");
        await MustAsync(acme, "DELETE", here);

        Assert.That(await MustAsync(umbrella, "GET", there + "/clientsessions"), Is.EqualTo(before));
        Assert.That(await MustAsync(umbrella, "GET", there + "/accesscontrol"), Is.EqualTo(list));
        Assert.That(await MustAsync(umbrella, "GET", there + "/events"), Is.EqualTo(history));
        await MustAsync(acme, "PUT", "/api/v1/tenants/acme/namespaces/plant/accesscontrol/clientfailover/groups", list);
        await FillAsync("acme", SameGroup);
    }

    [TestCase("acme", "umbrella")]
    [TestCase("umbrella", "acme")]
    public async Task ListsEventsAndWatch_WhileTheOtherWorks_ShowNothingOfIt(string own, string other)
    {
        var client = Host.Rest(TestScheme.Header(CallerOf(own, Roles.Users)));
        using var watch = GrpcOf(CallerOf(own, Roles.Users)).Open(
            V1.EventService.Descriptor.FindMethodByName("WatchEvents"), new V1.WatchEventsRequest { TenantId = own, NamespaceId = Space });
        var seen = new StringBuilder();
        V1.WatchEventsResponse update;
        do
        {
            update = await ReadAsync<V1.WatchEventsResponse>(watch.ResponseStream);
            seen.AppendLine(update.ToString());
        }
        while (!update.SnapshotComplete);

        await MustAsync(Admin, "POST", $"{Groups(other)}/{SameGroup}/clientsessions", $$"""{"Id":"session-of-{{other}}"}""");
        await MustAsync(Admin, "POST", $"{Groups(own)}/{SameGroup}/clientsessions", $$"""{"Id":"session-of-{{own}}"}""");
        update = await ReadAsync<V1.WatchEventsResponse>(watch.ResponseStream);
        Assert.That(update.Event.SessionId, Is.EqualTo($"session-of-{own}"));
        seen.AppendLine(await MustAsync(client, "GET", Groups(own) + "?count=1000"));
        seen.AppendLine(await MustAsync(client, "GET", $"{Groups(own)}/{SameGroup}/events"));
        seen.AppendLine(await MustAsync(client, "GET", $"{Groups(own)}/{SameGroup}/clientsessions"));

        Assert.That(seen.ToString(), Does.Contain(Secret(own)).And.Not.Contain(Secret(other)).And.Not.Contain($"session-of-{other}"));
        await MustAsync(Admin, "DELETE", $"{Groups(other)}/{SameGroup}/clientsessions/session-of-{other}");
        await MustAsync(Admin, "DELETE", $"{Groups(own)}/{SameGroup}/clientsessions/session-of-{own}");
    }

    private static string Secret(string tenant) => $"secret-of-{tenant}";

    private static string Groups(string tenant) => $"/api/v1/tenants/{tenant}/namespaces/{Space}/clientfailover/groups";

    private static Caller CallerOf(string tenant, string role) => TestCallers.Of("x", tenant == "default" ? null : tenant, role);

    private static string Fill(string pattern, string tenant, string @namespace, string group = SameGroup) => pattern
        .Replace("{tenant_id}", tenant, StringComparison.Ordinal)
        .Replace("{namespace_id}", @namespace, StringComparison.Ordinal)
        .Replace("{group_id}", group, StringComparison.Ordinal)
        .Replace("{session_id}", "s", StringComparison.Ordinal);

    /// <summary>All of an answer but for its time and its operation id.</summary>
    private static async Task<string> AnswerAsync(HttpClient client, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var headers = response.Headers.Concat(response.Content.Headers).Where(h => h.Key != "Date").Select(h => $"{h.Key}: {string.Join(',', h.Value)}").Order();
        return $"{(int)response.StatusCode} {string.Join('|', headers)} {OperationId().Replace(text, "")}";
    }

    private static async Task<string> AnswerAsync(RawGrpc grpc, IMethod method, string tenant, string @namespace)
    {
        var request = method.Name == "Connect" ? Hello(SameGroup, "s", tenant, @namespace) : RequestOf(method, tenant, @namespace);
        try
        {
            await grpc.CallAsync(method, request.ToByteArray());
            return "OK";
        }
        catch (RpcException e)
        {
            return $"{e.StatusCode} {e.Status.Detail} {e.GetRpcStatus()}";
        }
    }

    private static IMessage RequestOf(IMethod method, string tenant, string @namespace)
    {
        var type = Services.Single(d => d.FullName == method.ServiceName).FindMethodByName(method.Name).InputType;
        var request = type.Parser.ParseFrom([]);
        foreach (var (field, value) in new[] { ("tenant_id", tenant), ("namespace_id", @namespace), ("group_id", SameGroup), ("session_id", "s") })
        {
            type.FindFieldByName(field)?.Accessor.SetValue(request, value);
        }

        return request;
    }

    [GeneratedRegex("\"OperationId\":\"[0-9a-f]{32}\"")]
    private static partial Regex OperationId();

    private async Task FillAsync(string tenant, string group)
    {
        await MustAsync(Admin, "POST", Groups(tenant), $$"""{"Id":"{{group}}","Description":"{{Secret(tenant)}}","FailoverTimeout":"00:10:00"}""");
        await MustAsync(Admin, "POST", $"{Groups(tenant)}/{group}/clientsessions", $$"""{"Id":"s","Name":"{{Secret(tenant)}}"}""");
        await MustAsync(Admin, "POST", $"{Groups(tenant)}/{group}/clientsessions/s/heartbeat", """{"FailoverScore":50}""");
    }
}
