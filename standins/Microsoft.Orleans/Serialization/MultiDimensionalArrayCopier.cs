namespace Orleans.Serialization;

internal sealed class MultiDimensionalArrayCopier<TArray>(bool throughWire) : ValueCopier<TArray?>
    where TArray : class
{
    public override TArray? Copy(TArray? value, CopyContext context)
    {
        if (value is not Array array)
        {
            return value;
        }

        var copy = (Array)array.Clone();
        var element = Copiers.For(typeof(TArray).GetElementType()!, throughWire);
        if (!element.IsShallow)
        {
            var index = new int[copy.Rank];
            for (var i = 0L; i < copy.LongLength; i++)
            {
                var rest = i;
                for (var d = copy.Rank - 1; d >= 0; d--)
                {
                    index[d] = (int)(rest % copy.GetLength(d));
                    rest /= copy.GetLength(d);
                }

                copy.SetValue(element.CopyBoxed(array.GetValue(index), context), index);
            }
        }

        return (TArray)(object)copy;
    }
}
