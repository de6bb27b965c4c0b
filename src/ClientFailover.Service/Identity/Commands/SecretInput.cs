using System.Text;

namespace ClientFailover.Service.Identity.Commands;

/// <summary>
/// Responsible for asking for a password: at a terminal without showing it, twice; else one line of standard input.
/// Never an argument: every account of the machine can read those.
/// </summary>
internal static class SecretInput
{
    /// <summary>Asks.</summary>
    /// <param name="name">Name of the account that the password is for.</param>
    /// <returns>The password.</returns>
    /// <exception cref="SecretInputException">None was given.</exception>
    public static string Read(string name) => Read($"Password for {name}: ", isNew: true);

    /// <summary>Asks.</summary>
    /// <param name="prompt">What is said at a terminal.</param>
    /// <param name="isNew">Whether it is asked for twice there, so that no typing error is kept.</param>
    /// <returns>The password.</returns>
    /// <exception cref="SecretInputException">None was given.</exception>
    public static string Read(string prompt, bool isNew)
    {
        if (Console.IsInputRedirected)
        {
            return ReadLine(Console.OpenStandardInput());
        }

        var password = Prompt(prompt);
        return !isNew || Prompt("The same again: ") == password ? password : throw new SecretInputException("The two passwords differ.");
    }

    /// <summary>Reads the first line.</summary>
    /// <param name="input">UTF-8; what follows the line is not looked at.</param>
    /// <returns>The line, as it is: blanks belong to it.</returns>
    /// <exception cref="SecretInputException">There is none, or it is no UTF-8.</exception>
    internal static string ReadLine(Stream input)
    {
        try
        {
            using var reader = new StreamReader(input, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadLine() ?? throw new SecretInputException("Standard input has no line with the password.");
        }
        catch (DecoderFallbackException)
        {
            throw new SecretInputException("Standard input is not UTF-8.");
        }
    }

    private static string Prompt(string text)
    {
        // Has the terminal stop showing what is typed: before the prompt, or a quick typist's first keys would be seen.
        _ = Console.KeyAvailable;

        // Not to standard output, which may go into a file.
        Console.Error.Write(text);
        var password = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return password.ToString();
                case ConsoleKey.Backspace:
                    password.Length = Math.Max(0, password.Length - 1);
                    break;
                default:
                    if (key.KeyChar != '\0')
                    {
                        password.Append(key.KeyChar);
                    }

                    break;
            }
        }
    }
}

/// <summary>No password was given.</summary>
/// <param name="message">Why, in plain words; without anything of it.</param>
internal sealed class SecretInputException(string message) : Exception(message);
