using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using ClientFailover.Conformance.Rest;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Users;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace ClientFailover.Conformance.Logging;

/// <content>Where secrets are planted.</content>
public sealed partial class SecretTests
{
    private static async Task PlantAccountsAsync(RunningService service, PlantedSecrets secrets)
    {
        var (first, second) = (secrets.Next(), secrets.Next());
        await service.ChangeUsersAsync(first + "\n", "add", "agent", "--role", Account.AdministratorRole);
        await service.ChangeUsersAsync(second + "\n", "password", "agent");
        var twice = await UserFolder.UsersAsync(service.DataDirectory, secrets.Next() + "\n", "add", "agent", "--role", Account.AdministratorRole);
        var list = await UserFolder.UsersAsync(service.DataDirectory, "", "list");
        secrets.Add("users add", twice.Output + twice.Error);
        secrets.Add("users list", list.Output + list.Error);
        Assert.That(twice.ExitCode, Is.Not.Zero);

        var jwt = string.Join('.', new[] { """{"alg":"RS256","kid":"k"}""", $$"""{"iss":"x","sub":"{{secrets.Next()}}"}""", secrets.Next() }
            .Select(p => Convert.ToBase64String(Encoding.UTF8.GetBytes(p)).TrimEnd('=').Replace('+', '-').Replace('/', '_')));
        AuthenticationHeaderValue[] credentials =
        [
            new Account("agent", second, "").Header,
            new Account("agent", first, "").Header,
            new Account("agent", secrets.Next(), "").Header,
            new Account("unknown", secrets.Next(), "").Header,
            new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(secrets.Next()))),
            new("Basic", secrets.Next()),
            new("Bearer", secrets.Next()),
            new("Bearer", jwt),
            new("Negotiate", Convert.ToBase64String(Encoding.UTF8.GetBytes(secrets.Next()))),
            new(secrets.Next(), secrets.Next()),
        ];
        foreach (var credential in credentials)
        {
            using var caller = new Caller(service, credential);
            using var answer = await caller.Rest.GetAsync("groups");
            secrets.Add($"answer to {credential.Scheme.Length} letters of a scheme", $"{answer}\n{await answer.Content.ReadAsStringAsync()}");
            if (credential != credentials[0])
            {
                secrets.Add("refusal over gRPC", Refusals.Of(caller.Groups.ListGroupsAsync(new V1.ListGroupsRequest())).ToString());
            }
        }
    }

    private static async Task PlantEndpointsAsync(RunningService service, PlantedSecrets secrets)
    {
        using var administrator = new RestClient(service, service.Administrator.Header);
        string Pi() => $$"""{"Id":"PI","Endpoint":"http://127.0.0.1:9/piwebapi/omf","Username":"omf","Password":"{{secrets.Next()}}"}""";
        string Hub() => $$"""{"Id":"Hub","Endpoint":"http://127.0.0.1:9/hub","ClientId":"c","ClientSecret":"{{secrets.Next()}}","TokenEndpoint":"http://127.0.0.1:9/token"}""";
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Post, Endpoints, $"[{Pi()},{Hub()}]"),
            (HttpMethod.Post, Endpoints, Pi()),
            (HttpMethod.Put, Endpoints + "/PI", Pi()),
            (HttpMethod.Put, Endpoints + "/PI", Pi().Replace("http:", "x:", StringComparison.Ordinal)),
            (HttpMethod.Put, Endpoints + "/PI", Pi().Replace("//127", $"//u:{secrets.Next()}@127", StringComparison.Ordinal)),
            (HttpMethod.Put, Endpoints + "/PI", Pi().Replace("omf\",", $"omf?token={secrets.Next()}#\",", StringComparison.Ordinal).Replace("http:", "ftp:", StringComparison.Ordinal)),
            (HttpMethod.Put, Endpoints + "/Hub", Hub().Replace("}", $",\"Password\":[\"{secrets.Next()}\"]}}", StringComparison.Ordinal)),
            (HttpMethod.Put, Endpoints + "/Hub", Hub()[..^2]),
            (HttpMethod.Put, Endpoints, $"[{Hub()},{Hub()}]"),
            (HttpMethod.Put, Configuration, $$"""{"Logging":"{{secrets.Next()}}","HealthEndpoints":[{{Pi()}},"{{secrets.Next()}}"]}"""),
            (HttpMethod.Put, Configuration, $$"""{"HealthEndpoints":[{{Pi()}},{{Hub()}}]}"""),
            (HttpMethod.Put, Configuration + "/logging", $$"""{"LogLevel":"Verbose","Note":"{{secrets.Next()}}"}"""),
            (HttpMethod.Put, Configuration + "/logging", $$"""{"LogLevel":"{{secrets.Next()}}"}"""),
            (HttpMethod.Get, Configuration, ""),
            (HttpMethod.Get, Endpoints, ""),
            (HttpMethod.Get, Endpoints + "/Hub", ""),
        })
        {
            var reply = await administrator.SendAsync(method, path, method == HttpMethod.Get ? null : RestClient.Json(body));
            secrets.Add($"answer to {method} {path}", $"{reply.Message}\n{reply.Body}");
        }

        using var caller = new Caller(service);
        var client = new V1.ConfigurationService.ConfigurationServiceClient(caller.Invoker);
        var endpoint = new V1.HealthEndpoint { Id = "native", Endpoint = "http://127.0.0.1:9/n", ClientId = "c", ClientSecret = secrets.Next() };
        await client.CreateHealthEndpointsAsync(new V1.CreateHealthEndpointsRequest { HealthEndpoints = { endpoint } });
        secrets.Add("refusal over gRPC", Refusals.Of(client.CreateHealthEndpointsAsync(new V1.CreateHealthEndpointsRequest { HealthEndpoints = { endpoint } })).ToString());
        secrets.Add("configuration over gRPC", (await client.GetConfigurationAsync(new V1.GetConfigurationRequest())).ToString());
    }

    private static async Task PlantRequestsAsync(RunningService service, PlantedSecrets secrets)
    {
        using var caller = new Caller(service);
        await caller.CreatePairAsync("G");
        caller.Rest.DefaultRequestHeaders.Add("Cookie", $"session={secrets.Next()}");
        caller.Rest.DefaultRequestHeaders.Add("X-Api-Key", secrets.Next());
        caller.Rest.DefaultRequestHeaders.Add(secrets.Next(), "x");
        caller.Rest.DefaultRequestHeaders.Referrer = new Uri($"http://example/?{secrets.Next()}");
        foreach (var path in new[] { "groups?access_token={0}", "groups?{0}=1", "groups?count={0}", "groups/G/events?token={0}", "none?token={0}", "groups/none?token={0}", "../../../healthz/live?token={0}" })
        {
            using var answer = await caller.Rest.GetAsync(new Uri(string.Format(path, secrets.Next()), UriKind.Relative));
            secrets.Add($"answer to {path}", $"{answer.StatusCode}\n{await answer.Content.ReadAsStringAsync()}");
        }

        foreach (var (path, body) in new[]
        {
            ("groups", """{"Id":"x","FailoverTimeout":"{0}"}"""),
            ("groups", """{"Id":["{0}"]}"""),
            ("groups", """{"Id":"x","Password":"{0}" """),
            ("groups", "{0}"),
            ("groups", """{"Id":"x","Id":"{0}"}"""),
            ("groups/G/clientsessions/a/heartbeat", """{"FailoverScore":"{0}"}"""),
            ("groups/G/clientsessions/a/heartbeat", """{"FailoverScore":50,"HeartbeatTime":"{0}"}"""),
            ("groups/G/clientsessions/a/roleoverride", """{"Value":"{0}"}"""),
        })
        {
            using var content = RestClient.Json(body.Replace("{0}", secrets.Next(), StringComparison.Ordinal));
            using var answer = await caller.Rest.PostAsync(new Uri(path, UriKind.Relative), content);
            secrets.Add($"answer to {path}", await answer.Content.ReadAsStringAsync());
        }

        var metadata = new Metadata { { "x-secret", secrets.Next() }, { "x-secret-bin", Encoding.UTF8.GetBytes(secrets.Next()) } };
        secrets.Add("groups over gRPC", (await caller.Groups.ListGroupsAsync(new V1.ListGroupsRequest(), metadata)).ToString());
        var history = await caller.Events.ListEventsAsync(new V1.ListEventsRequest { GroupId = "G", Count = 1000 });
        Assert.That(history.Events, Is.Not.Empty);
        secrets.Add("history", history.ToString());
    }

    private static async Task PlantBrokenRequestsAsync(RunningService service, PlantedSecrets secrets)
    {
        foreach (var request in new[]
        {
            "GET /?{0} HTTP/9.9\r\n\r\n",
            "{0}\r\n\r\n",
            "GET /?{0}\u0001 HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\nAuthorization {0}\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: {0} {0}\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {0}\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: {0}\r\n\r\n",
            "POST /api/v1/clientfailover/groups HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{0}\r\n",
        })
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(service.Http.Host, service.Http.Port);
            await using var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request.Replace("{0}", secrets.Next(), StringComparison.Ordinal)));
            socket.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            secrets.Add($"answer to {request.Split('\r')[0]}", await reader.ReadToEndAsync().WaitAsync(RunningService.Patience));
        }

        // A frame of gRPC that is no message.
        using var grpc = ServiceClients.OpenHttp(service.Grpc, new SocketsHttpHandler(), service.Administrator.Header);
        var garbage = Encoding.UTF8.GetBytes(secrets.Next());
        using var call = new HttpRequestMessage(HttpMethod.Post, "/clientfailover.v1.GroupService/CreateGroup")
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, (byte)garbage.Length, .. garbage]),
        };
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        call.Headers.Add("TE", "trailers");
        using var answer = await grpc.SendAsync(call);
        secrets.Add("answer to a broken message", $"{answer}\n{await answer.Content.ReadAsStringAsync()}\n{answer.TrailingHeaders}");
    }

    private static async Task PlantBrokenAccountsAsync(RunningService service, PlantedSecrets secrets)
    {
        var path = Path.Combine(service.DataDirectory, "users.json");
        var accounts = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, $$"""[{"Name":"a","PasswordHash":"{{secrets.Next()}}","Role":"{{secrets.Next()}}"},{{secrets.Next()}}]""");
        await service.UntilToldAsync("[3002]");
        await File.WriteAllTextAsync(path, accounts);
    }

    /// <summary>Takes a table from under the service, so that calls with secrets fail in a way that nobody thought of.</summary>
    private static async Task FailUnexpectedlyAsync(RunningService service, PlantedSecrets secrets)
    {
        using (var database = new SqliteConnection($"Data Source={Path.Combine(service.DataDirectory, "clientfailover.db")};Pooling=False"))
        {
            database.Open();
            using var drop = database.CreateCommand();
            drop.CommandText = "DROP TABLE history";
            drop.ExecuteNonQuery();
        }

        using var caller = new Caller(service);
        caller.Rest.DefaultRequestHeaders.Add("X-Api-Key", secrets.Next());
        using var answer = await caller.Rest.GetAsync("groups/G/events");
        Assert.That((int)answer.StatusCode, Is.EqualTo(500));
        secrets.Add("answer to what failed", await answer.Content.ReadAsStringAsync());
        var metadata = new Metadata { { "x-secret", secrets.Next() } };
        secrets.Add("the same over gRPC", Refusals.Of(caller.Events.ListEventsAsync(new V1.ListEventsRequest { GroupId = "G" }, metadata)).ToString());
    }
}
