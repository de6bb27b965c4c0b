using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ClientFailover.Conformance.Running;

/// <summary>An account of the service under test.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Password">Its password.</param>
/// <param name="Role">Its role.</param>
internal sealed record Account(string Name, string Password, string Role)
{
    /// <summary>Role of adapters.</summary>
    public const string UserRole = "AVEVAFailoverUsers";

    /// <summary>Role of administrators.</summary>
    public const string AdministratorRole = "AVEVAFailoverAdministrators";

    /// <summary>The header that Basic authentication asks for.</summary>
    public AuthenticationHeaderValue Header => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Name}:{Password}")));

    /// <summary>The accounts that a service made when it first started: an administrator and a user.</summary>
    /// <param name="dataDirectory">Its data directory.</param>
    public static IReadOnlyList<Account> ReadInitial(string dataDirectory) =>
        JsonSerializer.Deserialize<Account[]>(File.ReadAllText(Path.Combine(dataDirectory, "initial-accounts.json")))!;
}
