namespace ClientFailover.Conformance.Process;

/// <summary>An account of the service under test.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Password">Its password.</param>
/// <param name="Role">Its role.</param>
internal sealed record Account(string Name, string Password, string Role);
