using System.Net;
using System.Text;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using NUnit.Framework;

namespace ClientFailover.Conformance.Users;

/// <summary>Changes of accounts while the service runs: they count within seconds, for whatever is open, and for nobody else.</summary>
public sealed class AccessChangeTests : OwnService
{
    private const string Revoked = "CREDENTIAL_ENDED";

    [Test]
    public async Task Add_WhileTheServiceRuns_MayLogOn()
    {
        await Service.ChangeUsersAsync(UserFolder.Password, "add", "added", "--role", Account.UserRole);
        using var caller = new Caller(Service, new Account("added", UserFolder.Password, Account.UserRole).Header);

        using var answer = await caller.Rest.GetAsync("");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Remove_AccountWithStreamAndWatches_EndsThemAndNobodyElses()
    {
        await Service.ChangeUsersAsync(UserFolder.Password, "add", "leaver", "--role", Account.UserRole);
        using var leaver = new Caller(Service, new Account("leaver", UserFolder.Password, Account.UserRole).Header);
        var group = CallerActions.NewId();
        using var ended = await AdapterStream.JoinAsync(leaver, group, "a");
        using var kept = await AdapterStream.JoinAsync(Caller, group, "b");
        using var endedWatch = await Watcher.StartAsync(leaver, group);
        using var keptWatch = await Watcher.StartAsync(Caller, group);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"./events:watch?group={group}");
        using var lines = await leaver.Rest.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        await Service.ChangeUsersAsync("", "remove", "leaver");

        (await ended.EndAsync()).MustBe(StatusCode.Unauthenticated, Revoked);
        (await endedWatch.EndAsync()).MustBe(StatusCode.Unauthenticated, Revoked);
        var rest = await ReadToEndAsync(lines);
        Assert.That(rest, Does.Contain(group), "It had begun.");
        Refusals.Of(leaver.Groups.ListGroupsAsync(new V1.ListGroupsRequest())).MustBe(StatusCode.Unauthenticated, "UNAUTHENTICATED");
        await kept.BeatAndReadAsync(50);
        await keptWatch.UntilAsync(V1.Reason.OnlyClientInGroup, "b");
    }

    [Test]
    public async Task Remove_AccountWithStreamsOfHealthAndReflection_EndsThemAndNobodyElses()
    {
        await Service.ChangeUsersAsync(UserFolder.Password, "add", "looker", "--role", Account.UserRole);
        using var looker = new Caller(Service, new Account("looker", UserFolder.Password, Account.UserRole).Header);
        using var health = new global::Grpc.Health.V1.Health.HealthClient(looker.Invoker).Watch(new HealthCheckRequest());
        using var reflection = new global::Grpc.Reflection.V1.ServerReflection.ServerReflectionClient(looker.Invoker).ServerReflectionInfo();
        using var older = new ServerReflection.ServerReflectionClient(looker.Invoker).ServerReflectionInfo();
        using var kept = new global::Grpc.Health.V1.Health.HealthClient(Caller.Invoker).Watch(new HealthCheckRequest());
        await reflection.RequestStream.WriteAsync(new global::Grpc.Reflection.V1.ServerReflectionRequest { ListServices = "" });
        await older.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.That(await BeginsAsync(health.ResponseStream) && await BeginsAsync(kept.ResponseStream), Is.True);
        Assert.That(await BeginsAsync(reflection.ResponseStream) && await BeginsAsync(older.ResponseStream), Is.True);

        await Service.ChangeUsersAsync("", "remove", "looker");

        (await EndAsync(health.ResponseStream)).MustBe(StatusCode.Unauthenticated, Revoked);
        (await EndAsync(reflection.ResponseStream)).MustBe(StatusCode.Unauthenticated, Revoked);
        (await EndAsync(older.ResponseStream)).MustBe(StatusCode.Unauthenticated, Revoked);
        Assert.That(kept.ResponseStream.MoveNext(CancellationToken.None).IsCompleted, Is.False);
    }

    [Test]
    public async Task Password_OfAnAccountWithAStream_EndsItUntilTheNewOneIsUsed()
    {
        await Service.ChangeUsersAsync(UserFolder.Password, "add", "changer", "--role", Account.UserRole);
        using var before = new Caller(Service, new Account("changer", UserFolder.Password, Account.UserRole).Header);
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsync(before, group, "a");

        await Service.ChangeUsersAsync("a different password", "password", "changer");

        (await stream.EndAsync()).MustBe(StatusCode.Unauthenticated, Revoked);
        Refusals.Of(before.Groups.ListGroupsAsync(new V1.ListGroupsRequest())).MustBe(StatusCode.Unauthenticated, "UNAUTHENTICATED");
        using var after = new Caller(Service, new Account("changer", "a different password", Account.UserRole).Header);
        using var again = await AdapterStream.JoinAsync(after, group, "a");
        await again.BeatAndReadAsync(50);
    }

    [Test]
    public async Task Role_OfAnAdministratorWhoIsRemembered_CountsAtOnce()
    {
        await Service.ChangeUsersAsync(UserFolder.Password, "add", "second", "--role", Account.AdministratorRole);
        using var second = new Caller(Service, new Account("second", UserFolder.Password, Account.AdministratorRole).Header);
        using var may = await second.Rest.DeleteAsync("groups/nothing");
        using var stream = await AdapterStream.JoinAsync(second, CallerActions.NewId(), "a");

        await Service.ChangeUsersAsync("", "role", "second", Account.UserRole);

        (await stream.EndAsync()).MustBe(StatusCode.Unauthenticated, Revoked);
        using var mayNot = await second.Rest.DeleteAsync("groups/nothing");
        using var mayRead = await second.Rest.GetAsync("groups");
        Assert.That(
            new[] { may.StatusCode, mayNot.StatusCode, mayRead.StatusCode },
            Is.EqualTo(new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.OK }));
    }

    private static Task<bool> BeginsAsync<T>(IAsyncStreamReader<T> stream) => stream.MoveNext(CancellationToken.None).WaitAsync(RunningService.Patience);

    private static async Task<RpcException> EndAsync<T>(IAsyncStreamReader<T> stream)
    {
        try
        {
            while (await BeginsAsync(stream))
            {
            }
        }
        catch (RpcException e)
        {
            return e;
        }

        throw new AssertionException("The stream ended without a reason.");
    }

    private static async Task<string> ReadToEndAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var text = new StringBuilder();
        try
        {
            while (await reader.ReadLineAsync().WaitAsync(RunningService.Patience) is { } line)
            {
                text.AppendLine(line);
            }
        }
        catch (HttpIOException)
        {
            // Cut off, as it cannot end in order.
        }

        return text.ToString();
    }
}
