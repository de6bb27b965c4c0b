using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Users;

/// <summary>What tests do with the accounts of a data directory.</summary>
internal static class UserFolder
{
    /// <summary>A password that is good enough.</summary>
    public const string Password = "correct horse battery";

    /// <summary>Gives the command <c>users</c>.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="arguments">What follows <c>users</c>.</param>
    public static Task<ServiceCommand> UsersAsync(string directory, string input, params string[] arguments) =>
        ServiceCommand.RunAsync(input, ["users", .. arguments, "--DataDirectory", directory]);

    /// <summary>Adds an account.</summary>
    /// <returns>The account.</returns>
    public static async Task<Account> AddUserAsync(string directory, string name, string role = Account.UserRole)
    {
        var added = await UsersAsync(directory, Password + "\n", "add", name, "--role", role);
        Assert.That(added.ExitCode, Is.Zero, added.Error);
        return new Account(name, Password, role);
    }

    /// <summary>Gives the command, which must succeed, and waits until the service has taken the change.</summary>
    /// <param name="service">The service.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="arguments">What follows <c>users</c>.</param>
    public static async Task ChangeUsersAsync(this RunningService service, string input, params string[] arguments)
    {
        var before = Changes(service);
        var changed = await UsersAsync(service.DataDirectory, input, arguments);
        Assert.That(changed.ExitCode, Is.Zero, changed.Error);
        Assert.That(() => Changes(service), Is.GreaterThan(before).After(60_000, 10));
    }

    private static int Changes(RunningService service) => service.Output.Split("users.json was changed: ").Length - 1;
}
